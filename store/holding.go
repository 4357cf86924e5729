package store

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"usher/bot"
)

// impersonal are tables in which nobody is to be found: a person who is named in one of them all the same is a mistake of
// who wrote there. Every other table must say whose its rows are: see owned.
var impersonal = []string{
	"revision", "published", "share", "draw", "busy", "rep_state", "seat", "pulse", "goose_db_version",
	"audit", "erasure", "erased", "erasure_part", // ids and keyed hashes alone
	"api_key", "webhook", // other systems
}

// columnsOf says by which columns of a table rows are somebody's: the column's name to what stands in it.
var columnsOf = map[string]string{
	"conversation": conversations, "visitor": visitors, "person": persons, "email": emails, "attendee": emails, "phone": phones,
	"recipient": recipients,
}

// owned says by which columns rows of tables are somebody's that name them in their own way.
var owned = map[string]map[string]string{
	"conversation":  {"id": conversations},
	"visitor":       {"id": visitors},
	"person":        {"id": persons, "forward": persons},
	"person_change": {"of": persons, "person": persons},
	"meeting":       {"uid": meetings, "of": meetings, "conversation": conversations},
	"lead":          {"id": conversations, "conversation": conversations},
	"message":       {"conversation": conversations},
	"enrolment":     {"conversation": conversations, "recipient": recipients},
	"api_request":   {"made": persons},
	"ledger":        {"conversation": either}, // a person's where the routes gave them to a rep without a conversation
}

// mentions are tables whose rows are somebody's when one of their ids or words stands anywhere in these columns.
var mentions = map[string][]string{
	"link": {"key", "value"},
	"job":  {"id", "key", "payload", "error"},
}

// unnamed are ledgers: their lines stay without whom they were about, and what is added up from them stays right. Each names
// the columns that are emptied, or get another value that stands for nobody.
var unnamed = map[string]map[string]string{
	"ledger":  {"conversation": "''", "person": "''", "lead": "''", "because": "''", "trace": "''"},
	"journey": {"conversation": "[nobody]"},
}

// Lists of a subject.
const (
	conversations = "conversations"
	visitors      = "visitors"
	persons       = "persons"
	either        = "either" // conversations or persons
	meetings      = "meetings"
	emails        = "emails"
	phones        = "phones"
	recipients    = "recipients"
	words         = "words"
)

func listsOf(s bot.Subject) map[string][]string {
	return map[string][]string{
		conversations: s.Conversations, visitors: s.Visitors, persons: s.Persons, either: slices.Concat(s.Conversations, s.Persons), meetings: s.Meetings, emails: s.Emails, phones: s.Phones, recipients: s.Recipients,
		words: lowered(slices.Concat(s.IDs(), s.Words, s.Emails, s.Phones, s.Recipients)),
	}
}

// leastWord is how long a word is at least that is looked for in jobs and links: a shorter one would be found by chance.
const leastWord = 6

func lowered(all []string) []string {
	var out []string
	for _, w := range all {
		if len(w) >= leastWord {
			out = append(out, strings.ToLower(w))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// whose is the condition on the rows of a table that are the subject's; "" where nothing says so.
func (s shape) whose(table string) string {
	if slices.Contains(impersonal, table) {
		return ""
	}
	if table == "recipient" { // who wants no letters is to get none, also by mistake: the hash stays
		return "recipient.hash in {recipients} and recipient.suppressed_at = 0"
	}
	if columns, ok := mentions[table]; ok {
		return mentioned(table, columns)
	}
	by := owned[table]
	if by == nil {
		by = map[string]string{}
		for _, c := range s[table] {
			if list, ok := columnsOf[c.name]; ok {
				by[c.name] = list
			}
		}
	}
	var out []string
	for _, c := range s[table] {
		if list, ok := by[c.name]; ok {
			out = append(out, s.in(table, c.name, list))
		}
	}
	return strings.Join(out, " or ")
}

func (shape) in(table, column, list string) string {
	name := table + "." + quoted(column)
	switch list {
	case emails:
		name = "lower(" + name + ")"
	}
	return name + " in {" + list + "}"
}

// mentioned holds where one of the words stands in one of the columns.
func mentioned(table string, columns []string) string {
	var any []string
	for _, c := range columns {
		any = append(any, "[place](lower("+table+"."+quoted(c)+"), w.value) > 0")
	}
	return "exists (select 1 from [words] w where " + strings.Join(any, " or ") + ")"
}

var listed = regexp.MustCompile(`\{(\w+)\}|\[words\]`)

// step makes a statement of a text in which {list} is a subject's list, [words] the table of their words, [place] the function
// that finds a text in another, and [nobody] an id that nobody has.
func (s shape) step(text string, of map[string][]string, each func(scanner) error) (step, error) {
	var args []any
	numbers := map[string]int{}
	number := func(list string) (int, error) {
		if n, ok := numbers[list]; ok {
			return n, nil
		}
		values := of[list]
		if values == nil {
			values = []string{}
		}
		json, err := toJSON(values)
		if err != nil {
			return 0, fmt.Errorf("write %s: %w", list, err)
		}
		args = append(args, json)
		numbers[list] = len(args)
		return len(args), nil
	}
	var failed error
	write := func(in, table, place, nobody string) string {
		out := listed.ReplaceAllStringFunc(text, func(m string) string {
			list := strings.Trim(m, "{}[]")
			n, err := number(list)
			if err != nil {
				failed = err
			}
			if m[0] == '[' {
				return fmt.Sprintf(table, n)
			}
			return fmt.Sprintf(in, n)
		})
		return strings.NewReplacer("[place]", place, "[nobody]", nobody).Replace(out)
	}
	sql := statement{
		lite:     write("(select value from json_each($%d))", "json_each($%d)", "instr", "lower(hex(randomblob(16)))"),
		postgres: write("(select json_array_elements_text(cast($%d as json)))", "json_array_elements_text(cast($%d as json)) as w(value)", "strpos", "replace(cast(gen_random_uuid() as text), '-', '')"),
	}
	sql.postgres = strings.ReplaceAll(sql.postgres, "as w(value) w where", "as w(value) where")
	return step{sql: sql, args: args, each: each}, failed
}
