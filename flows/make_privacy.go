package flows

import (
	"slices"
	"time"
)

// leastKept is how long anything is kept at least: what goes sooner could go while it is worked on.
const leastKept = 24 * time.Hour

// privacyOf makes what privacy.yaml says; nil where there is none.
func (l *loader) privacyOf() *Privacy {
	s := &l.privacy
	if !s.set() {
		return nil
	}
	r := &s.Retention
	p := &Privacy{
		Controller: s.Controller.text, Contact: s.Contact.text, Officer: s.Officer.text, Purposes: textsOf(s.Purposes), Basis: textsOf(s.Basis),
		Processors: textsOf(s.Processors), Transfers: textsOf(s.Transfers), Place: s.place(),
		Retention: Retention{
			Conversations: r.Conversations.kept(), Visitors: r.Visitors.kept(), Letters: r.Letters.kept(), Jobs: r.Jobs.kept(), Audit: r.Audit.kept(),
			Leads: map[string]time.Duration{},
		},
	}
	for i := range r.Leads.rows {
		row := &r.Leads.rows[i]
		if !slices.Contains(Stages, row.name) {
			row.key.wrong("unknown-stage", didYouMean(row.name, Stages), "there is no stage %q", row.name)
			continue
		}
		p.Retention.Leads[row.name] = row.value.kept()
	}
	return p
}

func textsOf(all []word) (out []string) {
	for _, w := range all {
		if w.text != "" {
			out = append(out, w.text)
		}
	}
	return out
}

// kept is how long something is kept.
func (l *lapse) kept() time.Duration {
	if l.set() && l.value > 0 && l.value < leastKept {
		l.wrong("bad-duration", "a day is the least: 1d", "what is kept so shortly goes while it is worked on")
	}
	return l.value
}
