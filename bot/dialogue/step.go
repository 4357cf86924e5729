package dialogue

import (
	"fmt"
	"time"

	"usher/bot/answer"
	"usher/flows"
)

// enter goes to a step and runs it, and the ones after it, until something is waited for.
func (t *turn) enter(n *node) error {
	if t.steps++; t.steps > MaxSteps {
		return fmt.Errorf("%w: %d steps in one turn at %s", ErrLimit, MaxSteps, n.ID)
	}
	if err := t.move(n.to, n.ID); err != nil {
		return err
	}
	t.c.Tries = 0
	switch {
	case n.Ask != nil:
		return t.ask(n)
	case n.Book != nil:
		return t.meet(n)
	case n.Handoff != nil:
		return t.handOff(n)
	case n.End != nil:
		return t.finish(n)
	}
	if err := t.say(n.Say); err != nil {
		return err
	}
	return t.next(n)
}

// next leaves a step by the first edge that holds, else to the step below.
func (t *turn) next(n *node) error {
	for _, e := range n.edges {
		ok, err := t.holds(e.when)
		if err != nil {
			return fmt.Errorf("edge %s to %s: %w", n.ID, e.to.ID, err)
		}
		if ok {
			return t.enter(e.to)
		}
	}
	if n.below != nil {
		return t.enter(n.below)
	}
	return t.over()
}

func (t *turn) holds(when *flows.Condition) (bool, error) {
	if when == nil {
		return true, nil
	}
	scope, err := t.view()
	if err != nil {
		return false, err
	}
	return when.Holds(scope)
}

// ask opens a question, unless its answer is known.
func (t *turn) ask(n *node) error {
	known := t.c.answer(n.Ask.Name) != nil
	if n.Ask.From != "" || known && !n.Again {
		return t.next(n)
	}
	return t.question(n)
}

// question asks in the author's words and waits.
func (t *turn) question(n *node) error {
	text, err := t.words(n.Say, n.Ask)
	if err != nil {
		return err
	}
	return t.open(text, n.Ask, n.Optional)
}

// words is the text of a question about a field: the author's, with what is agreed to where it is a consent, else the
// field's label.
func (t *turn) words(say *flows.Text, f *flows.Field) (string, error) {
	text, err := t.render(say)
	if err != nil {
		return "", err
	}
	if f.Type == flows.TypeConsent {
		wording, err := t.render(f.Wording)
		if err != nil {
			return "", err
		}
		text = paragraphs(text, wording)
	}
	if text != "" {
		return text, nil
	}
	return t.m.label(f, t.c.Language, t.scope)
}

func paragraphs(a, b string) string {
	switch {
	case a == "" || a == b:
		return b
	case b == "":
		return a
	}
	return a + "\n\n" + b
}

// open says a question and waits for its answer.
func (t *turn) open(text string, f *flows.Field, optional bool) error {
	ask, err := t.askOf(f, optional)
	if err != nil {
		return err
	}
	t.do(Say{Step: t.stepID(), Text: text, Ask: ask})
	t.wait()
	return nil
}

func (t *turn) askOf(f *flows.Field, optional bool) (*Ask, error) {
	options, err := t.options(f)
	return &Ask{Field: f.Name, Type: string(f.Type), Options: options, Optional: optional}, err
}

// Open is the question that is open in the conversation as a channel shows it, or nil.
func (m *Machine) Open(c Conversation, now time.Time) *Ask {
	t := turn{m: m, c: c, at: m.states[c.State], now: instant(now)}
	if t.at.node == nil || c.Joined != nil || c.End != "" && c.End != Expired && !t.pending() {
		return nil
	}
	var ask *Ask
	var err error
	switch {
	case t.at.phase == inStep && t.at.node.Ask != nil:
		ask, err = t.askOf(t.at.node.Ask, t.at.node.Optional)
	case t.at.phase == asking && t.missing() != nil:
		ask, err = t.askOf(t.missing(), false)
	case t.at.phase == offered:
		ask = t.slotAsk()
	}
	if err != nil {
		return nil // a label that cannot be rendered: the words of the question are in the transcript
	}
	return ask
}

// options are the answers to choose from, where the type has some.
func (t *turn) options(f *flows.Field) ([]Option, error) {
	switch f.Type {
	case flows.TypeYesNo, flows.TypeConsent:
		p := phrasesIn(t.c.Language)
		return []Option{{Value: "true", Label: p.Yes}, {Value: "false", Label: p.No}}, nil
	case flows.TypeChoice, flows.TypeChoices:
		options := make([]Option, len(f.Options))
		for i := range f.Options {
			o := &f.Options[i]
			label, err := t.render(&o.Label)
			if err != nil {
				return nil, err
			}
			if label == "" {
				label = o.Value
			}
			options[i] = Option{Value: o.Value, Label: label}
		}
		return options, nil
	}
	return nil, nil
}

// label is a field's name for people.
func (m *Machine) label(f *flows.Field, language string, s *flows.Scope) (string, error) {
	text, err := f.Label.In(language, s)
	if err != nil || text != "" {
		return text, err
	}
	return f.Name, nil
}

// asked is the open question as the reader of answers wants it.
func (t *turn) asked(f *flows.Field) answer.Question {
	return answer.Question{
		Field:    f,
		Language: t.c.Language,
		Country:  t.c.country(),
		Now:      t.now.In(location(t.c.Timezone)),
		Names:    t.m.names[namesOf{f, t.c.Language}],
	}
}
