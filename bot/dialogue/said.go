package dialogue

import (
	"errors"
	"slices"
	"strings"
	"unicode"

	"usher/bot/answer"
	"usher/flows"
)

// said takes what the visitor typed or chose. While a person talks the bot is silent.
func (t *turn) said(in Said) error {
	switch {
	case len(in.Text) > MaxTextBytes || len(in.Value) > MaxTextBytes:
		return ErrTooLong
	case t.c.Turns >= MaxTurns:
		return ErrFull
	case t.c.Joined != nil:
		t.listen()
		return nil
	case t.c.End == Expired:
		t.c.End, t.returned = "", true
	case t.pending() && answer.Wished(t.c.Language, in.Text) == answer.WishLetters:
		return t.noLetters() // which is no answer
	case t.pending():
		t.reopen()
	case t.c.End != "":
		return t.afterEnd(in)
	}
	switch t.at.phase {
	case inStep:
		return t.answered(in)
	case offered:
		return t.picked(in)
	case asking:
		return t.needed(in)
	case waiting:
		return t.whileWaiting(in)
	case joined:
		return t.goOn()
	}
	return t.unexpected(in)
}

// answered takes an answer to the step's question.
func (t *turn) answered(in Said) error {
	n := t.at.node
	v, done, err := t.hear(in, n.Ask)
	if refusal := (*answer.Refusal)(nil); errors.As(err, &refusal) {
		return t.refused(n, refusal)
	}
	if done || err != nil {
		return err
	}
	if err := t.keep(n.Ask, v, in); err != nil {
		return err
	}
	t.passed(n)
	return t.next(n)
}

// hear reads what was said as a value of the field. It is done when the words were something else and have been
// answered. The order: a chosen option, words that are an option exactly, wishes, words that read as an option, the
// questions visitors ask, words that read as the type.
func (t *turn) hear(in Said, f *flows.Field) (v flows.Value, done bool, err error) {
	q := t.asked(f)
	text := in.Text
	if in.Value != "" {
		if v, err := answer.Choose(q, in.Value); err == nil {
			return v, false, nil
		}
		if text == "" {
			text = in.Value // a button of an earlier question: its words may still fit
		}
	}
	if t.exact(f, text) {
		if v, err := answer.Read(q, text); err == nil {
			return v, false, nil
		}
	}
	if !numbered(text) { // no wish has a digit in it
		if done, err := t.wished(text); done || err != nil {
			return flows.Value{}, done, err
		}
	}
	v, refusal := answer.Read(q, text)
	if refusal == nil && choosable(f.Type) {
		return v, false, nil
	}
	if done, err := t.faq(text); done || err != nil {
		return flows.Value{}, done, err
	}
	if t.returned && (refusal != nil || f.Type == flows.TypeText) {
		t.speak(phrasesIn(t.c.Language).Back)
		return flows.Value{}, true, t.again()
	}
	return v, false, refusal
}

// numbered says whether there is a digit in the words, of whatever script.
func numbered(text string) bool { return strings.ContainsFunc(text, unicode.IsDigit) }

// choosable says whether answers of the type are options.
func choosable(t flows.Type) bool {
	return t == flows.TypeChoice || t == flows.TypeChoices || t == flows.TypeYesNo || t == flows.TypeConsent
}

// exact says whether the words are one of the options: its number, its value or its label.
func (t *turn) exact(f *flows.Field, text string) bool {
	if f.Type != flows.TypeChoice && f.Type != flows.TypeChoices {
		return false
	}
	text = strings.TrimSpace(text)
	if text != "" && strings.Trim(text, "0123456789") == "" {
		return true
	}
	for i := range f.Options {
		o := &f.Options[i]
		if strings.EqualFold(text, o.Value) {
			return true
		}
		if label, err := o.Label.In(t.c.Language, t.scope); err == nil && label != "" && strings.EqualFold(text, label) {
			return true
		}
	}
	return false
}

// keep remembers an answer; of a consent also what was agreed to.
func (t *turn) keep(f *flows.Field, v flows.Value, in Said) error {
	a := Answer{Field: f.Name, Value: v, Said: in.Text}
	if a.Said == "" {
		a.Said = in.Value
	}
	if f.Type == flows.TypeConsent {
		wording, err := t.render(f.Wording)
		if err != nil {
			return err
		}
		a.Wording, a.Language = wording, t.c.Language
	}
	t.put(a)
	return nil
}

// passed remembers that a question lies behind, for "back".
func (t *turn) passed(n *node) {
	trail := t.c.Trail
	if len(trail) >= MaxTrail {
		trail = trail[len(trail)-MaxTrail+1:]
	}
	t.c.Trail = append(slices.Clip(trail), n.ID)
}

// refused says what to try instead, or goes on without the answer after the last try.
func (t *turn) refused(n *node, refusal *answer.Refusal) error {
	tries := n.Tries
	if tries <= 0 {
		tries = flows.DefaultTries
	}
	if t.c.Tries++; t.c.Tries >= tries {
		t.passed(n)
		if n.other != nil {
			return t.enter(n.other)
		}
		return t.next(n)
	}
	text, err := t.render(n.Retry)
	if err != nil {
		return err
	}
	return t.open(t.retry(text, refusal), n.Ask, n.Optional)
}

// retry is the author's words, else the type's, else ours. Only the type knows which slip an address has.
func (t *turn) retry(text string, refusal *answer.Refusal) string {
	switch {
	case text != "" && refusal.Code != answer.Typo:
		return text
	case refusal.Say != "":
		return refusal.Say
	}
	return phrasesIn(t.c.Language).Retry
}

// faq answers a question of the visitor and asks the open one again.
func (t *turn) faq(text string) (done bool, err error) {
	entry := answer.FAQ(t.m.workspace.FAQ, t.c.Language, text)
	if entry == nil {
		return false, nil
	}
	if err := t.say(&entry.Say); err != nil {
		return true, err
	}
	return true, t.again()
}

// again asks the open question once more, in the words it was asked in first.
func (t *turn) again() error {
	switch {
	case t.c.End != "" && !t.pending() || t.at.node == nil:
		return nil
	case t.at.phase == inStep && t.at.node.Ask != nil:
		return t.question(t.at.node)
	case t.at.phase == offered:
		return t.offer("")
	case t.at.phase == asking:
		return t.need()
	}
	return nil
}
