package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"usher/bot"
)

// Subject collects all that is one human being's.
func (d *DB) Subject(ctx context.Context, who string) (bot.Subject, error) {
	tables, err := d.shape(ctx)
	if err != nil {
		return bot.Subject{}, err
	}
	g := gathering{d, tables, seed(who)}
	if err := g.run(ctx); err != nil {
		return bot.Subject{}, fmt.Errorf("find what is known of somebody: %w", err)
	}
	s := bot.Subject{
		Persons: g.of[persons], Conversations: g.of[conversations], Visitors: g.of[visitors], Meetings: g.of[meetings],
		Emails: g.of[emails], Phones: g.of[phones],
	}
	if s.Empty() {
		return bot.Subject{}, nil
	}
	return s, nil
}

// seed is what a word may mean before it is known what is there.
func seed(who string) map[string][]string {
	who = clean(strings.TrimSpace(who))
	of := map[string][]string{}
	switch {
	case who == "":
	case strings.Contains(who, "@"):
		of[emails] = []string{strings.ToLower(who)}
	case strings.HasPrefix(who, "+"):
		of[phones] = []string{"+" + digits(who)}
	default:
		of["who"] = []string{who}
	}
	return of
}

func digits(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}

// gathering follows what is known from one to the other until nothing more is found.
type gathering struct {
	*DB
	shape
	of map[string][]string
}

// A person is followed from conversation to conversation by the record that is kept of them; where none is kept yet, by the
// browser, the address and the phone number. What is another person's for sure is not followed.
type clue struct {
	list  string   // what is found
	needs []string // table and columns that must be there
	text  string
}

var clues = []clue{
	{conversations, []string{"conversation", "id"}, `select id from conversation where id in {who}`},
	{visitors, []string{"visitor", "id"}, `select id from visitor where id in {who}`},
	{conversations, []string{"meeting", "uid"}, `select conversation from meeting where uid in {who}`},
	{persons, []string{"person", "id"}, `select id from person where id in {who}`},
	{persons, []string{"person", "forward"}, `select forward from person where id in {persons} and forward <> '' union all select id from person where forward in {persons}`},
	{persons, []string{"person_key", "person"}, `select person from person_key where kind = 'email' and value in {emails} or kind = 'phone' and value in {phones} or kind = 'visitor' and value in {visitors}`},
	{persons, []string{"person", "email"}, `select id from person where lower(email) in {emails} and email <> '' or phone in {phones} and phone <> ''`},
	{emails, []string{"person_key", "person"}, `select value from person_key where kind = 'email' and person in {persons}`},
	{phones, []string{"person_key", "person"}, `select value from person_key where kind = 'phone' and person in {persons}`},
	{visitors, []string{"person_key", "person"}, `select value from person_key where kind = 'visitor' and person in {persons}`},
	{persons, []string{"lead", "person"}, `select person from lead where conversation in {conversations} and person <> ''`},
	{conversations, []string{"lead", "person"}, `select conversation from lead where person in {persons} and person <> ''`},
	{conversations, []string{"lead", "person"}, `select conversation from lead where (lower(email) in {emails} and email <> '' or phone in {phones} and phone <> '') and (person = '' or person in {persons})`},
	{conversations, []string{"lead", "person"}, `select c.id from conversation c left join lead l on l.conversation = c.id where c.visitor in {visitors} and (l.person is null or l.person = '' or l.person in {persons})`},
	{visitors, []string{"lead", "person"}, `select c.visitor from conversation c where c.id in {conversations} and not exists (
	  select 1 from conversation o join lead l on l.conversation = o.id where o.visitor = c.visitor and l.person <> '' and l.person not in {persons})`},
	{emails, []string{"lead", "email"}, `select lower(email) from lead where conversation in {conversations} and email <> ''`},
	{phones, []string{"lead", "phone"}, `select phone from lead where conversation in {conversations} and phone <> ''`},
	{emails, []string{"meeting", "attendee"}, `select lower(attendee) from meeting where conversation in {conversations} and attendee <> ''`},
	{meetings, []string{"meeting", "uid"}, `select uid from meeting where conversation in {conversations}`},
}

// maxRounds bounds how long clues are followed: a person has few browsers and addresses.
const maxRounds = 16

func (g gathering) run(ctx context.Context) error {
	for range maxRounds {
		before := g.size()
		for _, c := range clues {
			if !g.has(c.needs[0], c.needs[1:]...) {
				continue
			}
			if err := g.follow(ctx, c); err != nil {
				return err
			}
		}
		if g.size() == before {
			return nil
		}
	}
	return nil
}

func (g gathering) size() (n int) {
	for _, list := range g.of {
		n += len(list)
	}
	return n
}

func (g gathering) follow(ctx context.Context, c clue) error {
	s, err := g.step(c.text, g.of, func(row scanner) error {
		var found string
		if err := row.Scan(&found); err != nil {
			return err
		}
		if found != "" && !slices.Contains(g.of[c.list], found) {
			g.of[c.list] = append(g.of[c.list], found)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return g.engine.read(ctx, []step{s})
}

// Records reads every row that is the subject's, table by table.
func (d *DB) Records(ctx context.Context, s bot.Subject) ([]bot.Record, error) {
	tables, err := d.shape(ctx)
	if err != nil {
		return nil, err
	}
	var out []bot.Record
	for _, table := range tables.tables() {
		if tables.whose(table) != "" {
			found, err := d.recordsOf(ctx, tables, table, s)
			if err != nil {
				return nil, fmt.Errorf("read what %s has of somebody: %w", table, err)
			}
			out = append(out, found...)
		}
	}
	return out, nil
}

// recordsOf reads the subject's rows of one table.
func (d *DB) recordsOf(ctx context.Context, tables shape, table string, s bot.Subject) (out []bot.Record, err error) {
	var names, columns []string
	for _, c := range tables[table] {
		if !c.binary {
			names, columns = append(names, c.name), append(columns, "coalesce(cast("+quoted(c.name)+" as text), '')")
		}
	}
	text := "select " + strings.Join(columns, ", ") + " from " + table + " where " + tables.whose(table) + " order by " + places1(len(names))
	st, err := tables.step(text, listsOf(s), func(row scanner) error {
		values := make([]string, len(names))
		into := make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := row.Scan(into...); err != nil {
			return err
		}
		r := bot.Record{Table: table, Values: map[string]string{}}
		for i, name := range names {
			r.Values[name] = values[i]
		}
		out = append(out, r)
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = d.engine.read(ctx, []step{st})
	return out, err
}

// places1 is "1, 2, …": the columns of a select by their places.
func places1(n int) string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprint(i + 1)
	}
	return strings.Join(out, ", ")
}

// Known calls each for everything that anybody is known by.
func (d *DB) Known(ctx context.Context, each func(kind, value string) error) error {
	tables, err := d.shape(ctx)
	if err != nil {
		return err
	}
	var parts []string
	for kind, sources := range knownBy {
		for _, s := range sources {
			if tables.has(s[0], s[1]) {
				parts = append(parts, "select distinct '"+kind+"', "+s[1]+" from "+s[0]+" where "+s[1]+" <> ''")
			}
		}
	}
	slices.Sort(parts)
	if tables.has("person_key") {
		parts = append(parts, "select kind, value from person_key")
	}
	err = d.engine.read(ctx, []step{{sql: both(strings.Join(parts, "\n\tunion all ")), each: func(row scanner) error {
		var kind, value string
		if err := row.Scan(&kind, &value); err != nil {
			return err
		}
		return each(kind, value)
	}}})
	if err != nil {
		return fmt.Errorf("read what persons are known by: %w", err)
	}
	return nil
}

// knownBy is where what somebody is known by stands: table and column, by kind.
var knownBy = map[string][][2]string{
	bot.ByPerson: {{"person", "id"}}, bot.ByConversation: {{"conversation", "id"}}, bot.ByVisitor: {{"visitor", "id"}, {"conversation", "visitor"}},
	bot.ByMeeting: {{"meeting", "uid"}}, bot.ByEmail: {{"lead", "email"}, {"meeting", "attendee"}}, bot.ByPhone: {{"lead", "phone"}},
}
