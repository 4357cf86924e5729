package flows

import (
	"slices"
	"time"

	"go.yaml.in/yaml/v4"
)

// readStories reads a file that holds one story or a list of them.
func readStories(root item) (stories []storyShape) {
	if root.node.Kind == yaml.SequenceNode {
		root.into(reflectOf(&stories))
		return stories
	}
	var one storyShape
	root.into(reflectOf(&one))
	return []storyShape{one}
}

// storyMaker checks a story against the workspace it is told in.
type storyMaker struct {
	shape *storyShape
	w     *Workspace
	flow  *Flow // nil when there is no such flow: then steps and grades are not checked
}

func makeStory(s *storyShape, w *Workspace, unread bool) *Story {
	m := storyMaker{shape: s, w: w, flow: w.Flow(s.Flow.text)}
	if m.flow == nil && s.Flow.text != "" && !unread {
		var ids []string
		for _, f := range w.Flows {
			ids = append(ids, f.ID)
		}
		s.Flow.wrong("unknown-flow", didYouMean(s.Flow.text, ids), "there is no flow %q", s.Flow.text)
	}
	story := &Story{Name: s.Story.text, Flow: s.Flow.text, Now: s.Now.instant(), Visit: m.visit(), Place: s.place()}
	for i := range s.Turns {
		story.Turns = append(story.Turns, m.turn(&s.Turns[i]))
	}
	return story
}

// instant is a time with its offset: 2026-11-23T10:00:00+05:30.
func (s scalar) instant() time.Time {
	if s.text == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, s.text)
	if err != nil {
		s.wrong("bad-time", "write 2026-11-23T10:00:00+05:30", "%q is not a time with its offset", s.text)
	}
	return t
}

func (m storyMaker) visit() Visit {
	s := m.shape.Visit
	v := Visit{
		Page: s.Page.text, Title: s.Title.text, Referrer: s.Referrer.text, Language: s.Language.language(),
		Channel: s.Channel.text, Owner: s.Owner.text,
	}
	v.Timezone, _ = zone(s.Timezone)
	if s.Visits.set() {
		v.Visits = s.Visits.whole(0, 1_000_000)
	}
	m.rep(s.Owner)
	for _, row := range s.UTM.rows {
		if v.UTM == nil {
			v.UTM = map[string]string{}
		}
		v.UTM[row.name] = row.value.text
	}
	return v
}

func (m storyMaker) rep(w word) {
	if w.text != "" && m.w.Roster.Rep(w.text) == nil {
		w.wrong("unknown-rep", didYouMean(w.text, m.w.Roster.repIDs()), "there is no rep %q", w.text)
	}
}

var turnKeys = []string{"bot", "visitor", "value", "wait", "visit", "joins", "leaves", "given", "expect"}

func (m storyMaker) turn(s *turnShape) StoryTurn {
	keys := 0
	for _, key := range turnKeys {
		if s.set() && s.key(key).node != s.node {
			keys++
		}
	}
	if keys != 1 && s.set() && s.node.Kind == yaml.MappingNode {
		s.wrong("not-one-turn", oneOf(turnKeys), "a turn has exactly one key, this one has %d", keys)
	}
	m.rep(s.Joins)
	m.rep(s.Leaves)
	return StoryTurn{
		Bot: s.Bot.text, Visitor: s.Visitor.text, Value: s.Value.text, Wait: s.Wait.positive(0), Visit: s.Visit.text,
		Joins: s.Joins.text, Leaves: s.Leaves.text, Given: m.given(&s.Given), Expect: m.expect(&s.Expect), Place: s.place(),
	}
}

func (m storyMaker) expect(s *expectShape) *Expect {
	if !s.set() {
		return nil
	}
	m.names(s)
	e := &Expect{
		Step: s.Step.text, Grade: s.Grade.text, Score: s.Score.pointer(), Team: s.Team.text, Rep: s.Rep.text,
		End: s.End.text, Reason: s.Reason.text,
	}
	if s.Meeting.text == "none" {
		e.NoBooking = true
	} else {
		e.Meeting = s.Meeting.instant()
	}
	if s.Offers.set() {
		offers := s.Offers.whole(0, maxOffer)
		e.Offers = &offers
	}
	for _, row := range s.Parts.rows {
		if e.Parts == nil {
			e.Parts = map[string]float64{}
		}
		e.Parts[row.name] = row.value.value
	}
	for _, row := range s.Known.rows {
		if e.Known == nil {
			e.Known = map[string]string{}
		}
		e.Known[row.name] = row.value.text
	}
	return e
}

// names checks every name that an expectation uses.
func (m storyMaker) names(s *expectShape) {
	m.rep(s.Rep)
	if t := s.Team; t.text != "" && m.w.Roster.Team(t.text) == nil {
		t.wrong("unknown-team", didYouMean(t.text, m.w.Roster.teamIDs()), "there is no team %q", t.text)
	}
	s.End.among("end", append(slices.Clone(ends), "stopped", "lapsed")...)
	if m.flow == nil {
		return
	}
	if s.Step.text != "" && m.flow.Step(s.Step.text) == nil {
		s.Step.wrong("unknown-step", didYouMean(s.Step.text, m.flow.stepIDs()), "there is no step %q", s.Step.text)
	}
	var grades []string
	for _, g := range m.flow.Grades {
		grades = append(grades, g.Name)
	}
	s.Grade.among("grade", grades...)
	for _, row := range s.Parts.rows {
		if parts := partsOf(m.flow); !slices.Contains(parts, row.name) {
			row.key.wrong("unknown-part", didYouMean(row.name, parts), "no score rule brings the part %q", row.name)
		}
	}
	for _, row := range s.Known.rows {
		if m.flow.Field(row.name) == nil {
			row.key.wrong("unknown-field", didYouMean(row.name, m.flow.fieldNames()), "there is no field %q", row.name)
		}
	}
}

// makeFAQ makes the questions answered in between.
func makeFAQ(shapes []faqShape, g tongue) (faq []*FAQ) {
	for i := range shapes {
		s := &shapes[i]
		ask := g.wordings(s.Ask)
		if len(ask) == 0 && s.Ask.set() && s.Ask.node.Kind != yaml.ScalarNode {
			s.Ask.wrong("missing-value", "", "there is no question here")
		}
		faq = append(faq, &FAQ{Ask: ask, Say: g.text(s.Say), Place: s.place()})
	}
	return faq
}
