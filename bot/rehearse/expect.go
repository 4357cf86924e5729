package rehearse

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"usher/bot/answer"
	"usher/bot/dialogue"
	"usher/flows"
)

// expect gives everything that is not as expected.
func (t *teller) expect(turn *flows.StoryTurn) string {
	e, c := turn.Expect, t.session.Conversation
	d := differences{zone: t.story.Now.Location()}
	d.text("step", e.Step, stepOf(c.State))
	d.text("grade", e.Grade, c.Score.Grade)
	if e.Score != nil {
		d.number("score", *e.Score, c.Score.Score)
	}
	for _, part := range slices.Sorted(maps.Keys(e.Parts)) {
		d.number("parts."+part, e.Parts[part], c.Score.Parts[part])
	}
	d.text("team", e.Team, assigned(c).Team)
	d.text("rep", e.Rep, assigned(c).Rep)
	d.text("end", e.End, c.End)
	d.text("reason", e.Reason, c.Reason)
	d.meeting(e, c.Meeting)
	if e.Offers != nil {
		d.number("offers", float64(*e.Offers), float64(len(c.Offers)))
	}
	for _, field := range slices.Sorted(maps.Keys(e.Known)) {
		t.known(&d, field, e.Known[field])
	}
	return t.unlike(turn, d.found)
}

// unlike tells what is not as expected, or remembers it.
func (t *teller) unlike(turn *flows.StoryTurn, found []difference) string {
	if len(found) == 0 {
		return ""
	}
	if t.amending {
		values := map[string]string{}
		for _, f := range found {
			values[f.key] = f.amended()
		}
		t.amendments = append(t.amendments, flows.Amendment{Turn: turn.Place, Values: values})
		return ""
	}
	var out []string
	for _, f := range found {
		out = append(out, "  "+f.String())
		t.result.Differs = append(t.result.Differs, len(t.result.Lines))
		t.line("expect", f.String())
	}
	return "not as expected\n" + strings.Join(out, "\n")
}

func assigned(c dialogue.Conversation) dialogue.Assignment {
	if c.Assigned == nil {
		return dialogue.Assignment{}
	}
	return *c.Assigned
}

// known compares a field's answer, as shown or as plainly written. To expect "" is to expect that it is not known.
func (t *teller) known(d *differences, field, want string) {
	c := t.session.Conversation
	var v flows.Value
	for _, a := range c.Answers {
		if a.Field == field {
			v = a.Value
		}
	}
	flow := t.world.Workspace.Flow(c.Flow)
	if !v.Known() || flow == nil || flow.Field(field) == nil {
		d.differ("known."+field, want, "")
		return
	}
	shown := answer.Show(flow.Field(field), v, c.Language)
	if plain := fmt.Sprint(v.Plain()); want != shown && want != plain && want != v.Text {
		d.differ("known."+field, want, shown)
	}
}

// differences collects what is not as expected.
type differences struct {
	zone  *time.Location
	found []difference
}

// difference is one value that is not as expected; "" is nothing.
type difference struct{ key, want, got string }

func (f difference) String() string {
	return fmt.Sprintf("%s: want %s, is %s", strings.ReplaceAll(f.key, ".", " "), cmp.Or(f.want, "(nothing)"), cmp.Or(f.got, "(nothing)"))
}

// amended is what the story would have to say.
func (f difference) amended() string {
	if f.key == "meeting" && f.got == "" {
		return "none"
	}
	return f.got
}

func (d *differences) differ(key, want, got string) {
	if want != got {
		d.found = append(d.found, difference{key, want, got})
	}
}

func (d *differences) text(what, want, got string) {
	if want != "" {
		d.differ(what, want, got)
	}
}

func (d *differences) number(what string, want, got float64) {
	d.differ(what, strconv.FormatFloat(want, 'f', -1, 64), strconv.FormatFloat(got, 'f', -1, 64))
}

func (d *differences) meeting(e *flows.Expect, m *dialogue.Meeting) {
	got := ""
	if m != nil {
		got = d.time(m.Start)
	}
	if e.NoBooking {
		d.differ("meeting", "", got)
	}
	if !e.Meeting.IsZero() {
		d.differ("meeting", d.time(e.Meeting), got)
	}
}

func (d *differences) time(t time.Time) string { return t.In(d.zone).Format(time.RFC3339) }
