package rehearse

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"usher/bot/dialogue"
	"usher/flows"
)

// DefaultLeaves is how many of a hundred visitors fall silent at each question where nothing is written or learned: of
// eight questions a third of the visitors do not see the last.
const DefaultLeaves = 5.0

// Crowd is who comes to a simulation. The zero Crowd is the flow's own `mix`, and every answer as often as the others
// where that says nothing.
type Crowd struct {
	Week  Week                  // when they come; all zero = UsualWeek
	Flows map[string]float64    // how many get each flow; empty = all of them the one of the simulation
	Mixes map[string]*flows.Mix // by flow, in place of the flow's own
}

// replies is how the visitors of one flow answer its questions.
type replies struct {
	leaves float64 // of one
	fields map[string]*reply
	hidden []*reply // filled from the visit, in the order of the flow
}

// reply is how visitors answer one field's question.
type reply struct {
	field    *flows.Field
	about    uint64
	says     []dialogue.Said
	must     odds // of says, where the question must be answered
	may      odds // of says and, last of all, a skip, where it may be skipped
	mute     bool // nothing can be said
	among    []spread
	numbered []numbered
}

// spread is a share whose answers are numbers between two.
type spread struct{ from, to float64 }

// numbered is the class of numbers that begins at a number, by the index in says.
type numbered struct {
	from float64
	say  int
}

// repliesOf makes the replies of a flow by a mix, and by classes of answers where the mix does not name a field.
func repliesOf(f *flows.Flow, classes map[string][]Class, mix *flows.Mix) *replies {
	r := &replies{leaves: DefaultLeaves / 100, fields: map[string]*reply{}}
	if mix != nil && mix.Leaves != nil {
		r.leaves = *mix.Leaves / 100
	}
	for _, field := range f.Fields {
		of := mix.Field(field.Name)
		one := &reply{field: field, about: matter("says " + field.Name)}
		switch {
		case field.From != "" && of == nil:
			continue
		case of != nil && of.Sum() > 0:
			one.mixed(of, classes[field.Name])
		default:
			one.evenly(classes[field.Name])
		}
		r.fields[field.Name] = one
		if field.From != "" {
			r.hidden = append(r.hidden, one)
		}
	}
	return r
}

// evenly gives every answer that can be read the same share, and skipping one too.
func (r *reply) evenly(classes []Class) {
	var shares []float64
	for _, c := range classes {
		if c.Kind == Valued {
			r.says = append(r.says, c.Said)
			shares = append(shares, 1)
		}
	}
	if len(shares) == 0 { // nothing is known to fit: the visitor tries
		r.says, shares = []dialogue.Said{refusal(classes)}, []float64{1}
	}
	r.settle(shares, 1)
}

// mixed gives each answer the share that is written.
func (r *reply) mixed(mix *flows.FieldMix, classes []Class) {
	var shares []float64
	skips := 0.0
	add := func(said dialogue.Said, percent float64, among spread) {
		r.says, r.among, shares = append(r.says, said), append(r.among, among), append(shares, percent)
	}
	none := spread{math.NaN(), math.NaN()}
	for _, s := range mix.Shares {
		own := slices.ContainsFunc(r.field.Options, func(o flows.Option) bool { return o.Value == s.Answer })
		switch {
		case !own && s.Answer == flows.SkippedAnswer:
			skips += s.Percent
		case !own && s.Answer == flows.RefusedAnswer:
			add(refusal(classes), s.Percent, none)
		case s.Range:
			add(dialogue.Said{Text: strconv.FormatFloat(s.From, 'f', -1, 64)}, s.Percent, spread{s.From, s.To})
		case len(r.field.Options) > 0, r.field.Type == flows.TypeYesNo, r.field.Type == flows.TypeConsent:
			add(dialogue.Said{Value: s.Answer}, s.Percent, none)
		default:
			add(dialogue.Said{Text: s.Answer}, s.Percent, none)
		}
	}
	r.number(classes)
	r.settle(shares, skips)
}

// number lays out the classes of numbers, for shares that are ranges: whichever number of a class is drawn, the one that
// stands for the class is said.
func (r *reply) number(classes []Class) {
	for _, c := range classes {
		if n, ok := numberOf(c.Value); ok && c.Kind == Valued {
			r.numbered = append(r.numbered, numbered{n, len(r.says)})
			r.says = append(r.says, c.Said)
		}
	}
	slices.SortFunc(r.numbered, func(a, b numbered) int {
		if a.from < b.from {
			return -1
		}
		return 1
	})
}

func numberOf(v flows.Value) (float64, bool) {
	switch v.Type {
	case flows.TypeNumber:
		return v.Number, true
	case flows.TypeMoney:
		n, err := strconv.ParseFloat(v.Text, 64)
		return n, err == nil
	}
	return 0, false
}

// settle makes the odds. A question that must be answered is answered in the proportions of the answers; where all would
// skip it, all have to answer something.
func (r *reply) settle(shares []float64, skips float64) {
	var ok bool
	if r.must, ok = oddsOf(shares); !ok {
		for i := range shares {
			shares[i] = 1
		}
		r.must, ok = oddsOf(shares)
		r.mute = !ok
	}
	r.may, _ = oddsOf(append(slices.Clone(shares), skips))
}

func refusal(classes []Class) dialogue.Said {
	for _, c := range classes {
		if c.Kind == Refused {
			return c.Said
		}
	}
	return dialogue.Said{Text: "???"}
}

// skip is the answer that is none.
const skip = -1

// choose is which of says the throw falls on, or skip.
func (r *reply) choose(throw float64, optional bool) int {
	if !optional || len(r.may.upto) == 0 {
		i, within := r.must.pick(throw)
		return r.at(i, within)
	}
	i, within := r.may.pick(throw)
	if i == len(r.may.upto)-1 {
		return skip
	}
	return r.at(i, within)
}

// at is the answer itself, or of a range the class that the number falls into.
func (r *reply) at(i int, within float64) int {
	if i >= len(r.among) || math.IsNaN(r.among[i].from) || len(r.numbered) == 0 {
		return i
	}
	n := r.among[i].from + within*(r.among[i].to-r.among[i].from)
	say := r.numbered[0].say
	for _, c := range r.numbered {
		if c.from <= n {
			say = c.say
		}
	}
	return say
}

// visit is how somebody came whose hidden fields are those of the answers.
func (r *replies) visit(chosen []int) flows.Visit {
	v := flows.Visit{Page: "/", Channel: "web"}
	for i, field := range r.hidden {
		if chosen[i] == skip {
			continue
		}
		said := field.says[chosen[i]]
		value := said.Text + said.Value
		if name, ok := strings.CutPrefix(field.field.From, "utm."); ok {
			if v.UTM == nil {
				v.UTM = map[string]string{}
			}
			v.UTM[name] = value
			continue
		}
		switch field.field.From {
		case "page":
			v.Page = value
		case "referrer":
			v.Referrer = value
		case "title":
			v.Title = value
		case "language":
			v.Language = value
		}
	}
	return v
}
