package flows

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// Bounds on a flow.
const (
	// MaxSteps of one flow: a conversation of more than fifty questions is not finished by anybody.
	MaxSteps = 500
	// MaxFields of one flow.
	MaxFields = 200
	// MaxRules of one score: every one is evaluated in every turn.
	MaxRules = 200
	// MaxLanguages of one flow.
	MaxLanguages = 40
)

// flowMaker makes one flow of what its file says.
type flowMaker struct {
	tongue
	shape  *flowShape
	flow   *Flow
	routed []string // whom team.yaml gives leads to
}

func (l *loader) flow(s *flowShape, r *Roster) *Flow {
	m := &flowMaker{shape: s, routed: l.roster.targets(), flow: &Flow{ID: s.Flow.text, Languages: languagesOf(s), Place: s.place()}}
	l.makers = append(l.makers, m)
	m.tongue = tongue{&vocabulary{fields: map[string]*Field{}, roster: r}, m.flow.Languages}
	m.checkLanguages()
	m.id()
	m.fields()
	m.names()
	m.flow.Title = m.label(s.Title)
	if !s.Title.set() {
		m.flow.Title = plainText(m.languages[0], inWords(m.flow.ID), s.Flow.place())
	}
	m.show()
	m.theme()
	m.steps()
	m.analyse()
	m.score()
	m.flow.Expires = s.Expires.positive(DefaultExpiry)
	m.mix()
	m.proof()
	return m.flow
}

// targets are whom the routes lead to, as written.
func (s *rosterShape) targets() (to []string) {
	for _, r := range s.Routes {
		for _, one := range append(r.To.list, r.Else) {
			to = append(to, one.text)
		}
	}
	for _, a := range s.Accounts {
		to = append(to, a.To.text)
	}
	return to
}

var flowIDPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

func (m *flowMaker) id() {
	w := m.shape.Flow
	if w.set() && w.node.Tag == "!!str" && !flowIDPattern.MatchString(w.text) {
		w.wrong("bad-id", "use a-z, 0-9 and -, at most 63", "%q cannot be the id of a flow", w.text)
	}
}

// languagesOf are the languages as written, without those that are none.
func languagesOf(s *flowShape) (languages []string) {
	for _, w := range s.Languages {
		if _, err := language.Parse(w.text); err == nil && !slices.Contains(languages, w.text) {
			languages = append(languages, w.text)
		}
	}
	if len(languages) == 0 {
		return []string{"en"}
	}
	return languages
}

func (m *flowMaker) checkLanguages() {
	seen := map[string]bool{}
	for _, w := range m.shape.Languages {
		if seen[w.language()] && w.text != "" {
			w.wrong("duplicate-key", "", "the language %q is written twice", w.text)
		}
		seen[w.text] = true
	}
	if len(m.shape.Languages) > MaxLanguages {
		m.shape.Languages[MaxLanguages].wrong("too-large", "", "a flow has at most %d languages", MaxLanguages)
	}
}

// language is a BCP 47 tag; one that is none is reported.
func (w word) language() string {
	if w.text == "" {
		return ""
	}
	if _, err := language.Parse(w.text); err != nil {
		w.wrong("unknown-language", "write its tag: en, hi, pt-BR", "%q is not a language", w.text)
	}
	return w.text
}

// names collects what conditions may name besides the fields: parts and grades, which stand further below.
func (m *flowMaker) names() {
	for _, r := range m.shape.Score {
		if r.Part.text != "" && !slices.Contains(m.parts, r.Part.text) {
			m.parts = append(m.parts, r.Part.text)
		}
	}
	m.grades = m.shape.Grades.names()
}

func (m *flowMaker) show() {
	s := m.shape.Show
	show := Show{If: m.condition(s.If), After: s.After.or(0)}
	if s.Priority.set() {
		show.Priority = s.Priority.whole(-1000, 1000)
	}
	for _, p := range s.Pages {
		if hint := badPath(p.text); p.text != "" && hint != "" {
			p.wrong("bad-path", hint, "%q is not the path of a page", p.text)
		}
		show.Pages = append(show.Pages, p.text)
	}
	m.flow.Show = show
}

var colorPattern = regexp.MustCompile(`^#[0-9A-Fa-f]{6}$`)

func (m *flowMaker) theme() {
	s := m.shape.Theme
	if s.Color.text != "" && !colorPattern.MatchString(s.Color.text) {
		s.Color.wrong("bad-color", `write "#0b5fff"`, "%q is not a colour", s.Color.text)
	}
	s.Corner.among("corner", "right", "left")
	s.Dark.among("choice", "auto", "always", "never")
	s.Avatar.https()
	m.flow.Theme = Theme{
		Color: s.Color.text, Corner: s.Corner.text, Name: s.Name.text, Avatar: s.Avatar.text, Dark: s.Dark.text,
		Teaser: m.text(s.Teaser),
	}
}

func (m *flowMaker) score() {
	s := m.shape
	if len(s.Score) > MaxRules {
		s.Score[MaxRules].wrong("too-large", "", "a flow has at most %d score rules", MaxRules)
	}
	rating := *m.vocabulary
	rating.rating = true
	for i := range s.Score {
		r := &s.Score[i]
		m.flow.Score = append(m.flow.Score, &Rule{
			If: rating.condition(r.If), Points: r.Points.value, Because: r.Because.text, Part: r.Part.text,
			Halves: r.Halves.positive(0), Place: r.place(),
		})
	}
	m.caps()
	m.gradesOf()
}

func (m *flowMaker) caps() {
	m.flow.Caps = map[string]float64{}
	for _, row := range m.shape.Caps.rows {
		if !slices.Contains(m.parts, row.name) {
			row.key.wrong("unknown-part", didYouMean(row.name, m.parts), "no score rule brings the part %q", row.name)
		}
		if row.value.value < 0 {
			row.value.wrong("out-of-range", "", "a cap is not below zero")
		}
		m.flow.Caps[row.name] = row.value.value
	}
}

func (m *flowMaker) gradesOf() {
	unsound := map[string]bool{}
	for _, row := range m.shape.Grades.rows {
		unsound[row.name] = !row.value.sound
		m.flow.Grades = append(m.flow.Grades, Grade{Name: row.name, From: row.value.value})
	}
	slices.SortStableFunc(m.flow.Grades, func(a, b Grade) int { return -compareNumbers(a.From, b.From) })
	for i := 1; i < len(m.flow.Grades); i++ {
		above, below := m.flow.Grades[i-1], m.flow.Grades[i]
		if above.From == below.From && !unsound[above.Name] && !unsound[below.Name] {
			m.shape.Grades.wrong("duplicate-grade", "give each its own least score", "the grades %s and %s begin at the same score", above.Name, below.Name)
		}
	}
}

// inWords is an id as people say it: team_size is Team size.
func inWords(id string) string {
	s := strings.TrimSpace(strings.NewReplacer("_", " ", "-", " ").Replace(id))
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
