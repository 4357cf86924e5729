package terminal

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// mapping says which column is what: the place of each part of a target's value, by target. A value of several columns
// has their texts with spaces between.
type mapping map[string][]int

// targets are what a column may be besides a field of the flows.
var targets = []string{
	"email", "phone", "name", "company", "country", "language", "timezone", "stage", "owner", "source", "consent",
}

// parseMap reads pairs of a target and a column: email=E-mail,name="Full name". A column with a comma or a quote in it stands
// in double quotes, with two for each quote in it.
func parseMap(text string) (pairs [][2]string, err error) {
	for rest := strings.TrimSpace(text); rest != ""; rest = strings.TrimSpace(rest) {
		target, value, ok := strings.Cut(rest, "=")
		if target = strings.TrimSpace(target); !ok || target == "" || strings.ContainsAny(target, `,"`) {
			return nil, misuse("--map %s: %q is no pair; write it like email=E-mail,name=\"Full name\"", text, rest)
		}
		column, after, err := mapColumn(strings.TrimLeft(value, " "))
		if err != nil {
			return nil, misuse("--map %s: %v", text, err)
		}
		pairs = append(pairs, [2]string{target, column})
		rest = after
	}
	return pairs, nil
}

// mapColumn reads a column's name up to the next comma.
func mapColumn(text string) (column, rest string, err error) {
	if !strings.HasPrefix(text, `"`) {
		column, rest, _ = strings.Cut(text, ",")
		if column = strings.TrimSpace(column); column == "" {
			return "", "", fmt.Errorf("a column has no name before %q", rest)
		}
		return column, rest, nil
	}
	var b strings.Builder
	for text = text[1:]; ; text = text[1:] {
		at := strings.IndexByte(text, '"')
		if at < 0 {
			return "", "", fmt.Errorf("the quote of %q is not closed", b.String()+text)
		}
		b.WriteString(text[:at])
		if text = text[at+1:]; !strings.HasPrefix(text, `"`) {
			break
		}
		b.WriteByte('"')
	}
	rest = strings.TrimLeft(text, " ")
	if rest != "" && rest[0] != ',' || strings.TrimSpace(b.String()) == "" {
		return "", "", fmt.Errorf("after the column %q there is %q where a comma belongs", b.String(), rest)
	}
	return b.String(), strings.TrimPrefix(rest, ","), nil
}

// printMap writes pairs as parseMap reads them.
func printMap(pairs [][2]string) string {
	var out []string
	for _, p := range pairs {
		column := p[1]
		if strings.ContainsAny(column, `,"`) || column != strings.TrimSpace(column) {
			column = `"` + strings.ReplaceAll(column, `"`, `""`) + `"`
		}
		out = append(out, p[0]+"="+column)
	}
	return strings.Join(out, ",")
}

// located finds the columns of the pairs in the header. Capitals do not matter, and a name that is no column may be several
// with a plus between.
func located(pairs [][2]string, header, fields []string) (mapping, error) {
	m := mapping{}
	for _, p := range pairs {
		target, column := p[0], p[1]
		switch {
		case !slices.Contains(targets, target) && !slices.Contains(fields, target):
			return nil, misuse("--map %s=%s: there is no %s; there are %s, and the flows' fields %s", target, column, target, strings.Join(targets, ", "), strings.Join(fields, ", "))
		case m[target] != nil:
			return nil, misuse("--map names %s twice", target)
		}
		at, err := columns(column, header)
		if err != nil {
			return nil, misuse("--map %s=%s: %v", target, column, err)
		}
		m[target] = at
	}
	if m["email"] == nil && m["phone"] == nil {
		return nil, misuse("--map names neither email nor phone, which leads are known by; the columns are %s", strings.Join(header, ", "))
	}
	return m, nil
}

func columns(name string, header []string) (at []int, err error) {
	if i, err := columnOf(name, header); err == nil || !strings.Contains(name, "+") {
		return []int{i}, err
	}
	for part := range strings.SplitSeq(name, "+") {
		i, err := columnOf(part, header)
		if err != nil {
			return nil, err
		}
		at = append(at, i)
	}
	return at, nil
}

func columnOf(name string, header []string) (int, error) {
	same := func(h string) bool { return strings.EqualFold(strings.TrimSpace(h), strings.TrimSpace(name)) }
	i := slices.IndexFunc(header, same)
	switch {
	case i < 0:
		return 0, fmt.Errorf("there is no column %s; the columns are %s", name, strings.Join(header, ", "))
	case slices.IndexFunc(header[i+1:], same) >= 0:
		return 0, fmt.Errorf("two columns are called %s", name)
	}
	return i, nil
}

// headings are what people call columns, bare of all but letters and digits, in small letters.
var headings = map[string][]string{
	"email": {
		"email", "mail", "emailaddress", "mailaddress", "workemail", "businessemail", "emailwork", "emailadresse", "mailadresse",
		"correo", "correoelectronico", "courriel", "adressemail", "adresseemail", "ईमेल", "ইমেল", "ইমেইল", "ایمیل",
	},
	"phone": {
		"phone", "phonenumber", "telephone", "tel", "mobile", "mobilephone", "mobilenumber", "telefon", "telefonnummer", "handy", "mobil",
		"telefono", "telefone", "celular", "फोन", "मोबाइल", "ফোন", "تلفن", "موبایل",
	},
	"name": {
		"name", "fullname", "contact", "contactname", "leadname", "person", "ansprechpartner", "kontakt", "nom", "nomcomplet", "nombre",
		"nombrecompleto", "nome", "nomecompleto", "नाम", "নাম", "نام",
	},
	"company": {
		"company", "companyname", "organisation", "organization", "account", "accountname", "business", "employer", "firma", "unternehmen",
		"firmenname", "societe", "entreprise", "empresa", "azienda", "कंपनी", "কোম্পানি", "شرکت",
	},
	"country":  {"country", "countrycode", "land", "pays", "pais", "देश", "দেশ", "کشور"},
	"language": {"language", "lang", "locale", "sprache", "langue", "idioma"},
	"timezone": {"timezone", "zeitzone"},
	"stage":    {"stage", "leadstage", "lifecyclestage", "status", "leadstatus", "phase"},
	"owner": {
		"owner", "leadowner", "contactowner", "accountowner", "rep", "salesrep", "salesperson", "assignedto", "betreuer", "zustandig", "verantwortlich",
		"proprietaire", "propietario",
	},
	"source":  {"source", "leadsource", "originalsource", "quelle", "herkunft", "fuente", "origem"},
	"consent": {"consent", "optin", "marketingconsent", "newsletter", "einwilligung", "gdpr", "dsgvo"},
}

// halves are columns that a name is made of.
var halves = [2][]string{
	{"firstname", "givenname", "first", "vorname", "prenom"},
	{"lastname", "surname", "familyname", "last", "nachname"},
}

// guessed is what the columns seem to be, in their order. A field of the flows is known by its name alone.
func guessed(header, fields []string) (pairs [][2]string) {
	taken := map[string]bool{}
	for _, h := range header {
		target := meaning(bare(h), fields)
		if target == "" || taken[target] || !lone(h, header) {
			continue
		}
		taken[target] = true
		pairs = append(pairs, [2]string{target, strings.TrimSpace(h)})
	}
	if name := nameOfHalves(header); !taken["name"] && name != "" {
		pairs = append(pairs, [2]string{"name", name})
	}
	return pairs
}

func meaning(heading string, fields []string) string {
	for _, t := range targets {
		if slices.Contains(headings[t], heading) {
			return t
		}
	}
	for _, f := range fields {
		if heading != "" && bare(f) == heading {
			return f
		}
	}
	return ""
}

func nameOfHalves(header []string) string {
	var parts []string
	for _, half := range halves {
		i := slices.IndexFunc(header, func(h string) bool {
			return slices.Contains(half, bare(h)) && lone(h, header) && !strings.Contains(h, "+")
		})
		if i < 0 {
			return ""
		}
		parts = append(parts, strings.TrimSpace(header[i]))
	}
	return strings.Join(parts, "+")
}

// lone says whether no other column has the name.
func lone(name string, header []string) bool {
	_, err := columnOf(name, header)
	return err == nil && strings.TrimSpace(name) != ""
}

// bare is a heading without accents, spaces and signs, in small letters.
func bare(heading string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Mn) && r < 0x0900 || !unicode.In(r, unicode.L, unicode.M, unicode.N) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(heading))
}
