package rehearse

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"usher/bot/dialogue"
	"usher/bot/slots"
	"usher/flows"
)

// Recording is a story of a conversation that took place, without the person's data.
type Recording struct {
	Story string   // YAML, which comes out as written in the version the conversation took place in
	Notes []string // what the story cannot tell, in words
}

// ErrNotRecorded says that a conversation gives no story.
var ErrNotRecorded = errors.New("gives no story")

// Record makes a story of a conversation. Whatever tells who the visitor is gets a stand-in of the same kind, for which
// the same conditions hold; the same words always get the same. What hangs on calendars is not expected: the story is
// told with several, and only what is the same with all is written down.
func Record(t Told) (Recording, error) {
	past, err := (&Backtest{}).past(t)
	if err != nil {
		return Recording{}, fmt.Errorf("conversation %s %w: %w", t.ID, ErrNotRecorded, err)
	}
	first, ok := t.Journal[0].Input.(dialogue.Started)
	if !ok {
		return Recording{}, fmt.Errorf("conversation %s %w: it does not begin", t.ID, ErrNotRecorded)
	}
	r := &recorder{told: t, past: past, masks: newMasks(t.Workspace, past.flow, past.end.Language, t.Journal[0].At)}
	r.learn()
	story := &flows.Story{
		Name: "recorded: " + cameOut(past.end), Flow: t.Flow, Now: t.Journal[0].At.In(visitorZone(past.end)).Truncate(time.Second), Visit: r.visit(first.Visit),
	}
	if err := r.walk(story); err != nil {
		return Recording{}, fmt.Errorf("conversation %s %w: %w", t.ID, ErrNotRecorded, err)
	}
	text, err := r.write(story)
	return Recording{Story: text, Notes: slices.Compact(r.notes)}, err
}

// cameOut says how a conversation came out.
func cameOut(c dialogue.Conversation) string {
	words := []string{}
	for _, w := range []string{c.Score.Grade, c.End} {
		if w != "" {
			words = append(words, w)
		}
	}
	if c.Meeting != nil {
		words = append(words, "with a meeting")
	}
	if len(words) == 0 {
		words = append(words, "left open")
	}
	return strings.Join(words, ", ")
}

func visitorZone(c dialogue.Conversation) *time.Location {
	if l, err := time.LoadLocation(c.Timezone); err == nil {
		return l
	}
	return time.UTC
}

// recorder is one conversation on its way to a story.
type recorder struct {
	told  Told
	past  *past
	masks *masks
	notes []string
	known map[string]flows.Value // from a profile
}

func (r *recorder) note(text string) { r.notes = append(r.notes, text) }

// learn gathers whatever tells who the visitor is, before a word of it is written.
func (r *recorder) learn() {
	r.known = map[string]flows.Value{}
	for _, e := range r.told.Journal {
		known := map[string]flows.Value{}
		switch in := e.Input.(type) {
		case dialogue.Started:
			known = in.Known
		case dialogue.Identified:
			known = in.Known
		}
		maps.Copy(r.known, known)
	}
	for name, v := range r.known {
		r.masks.learn(r.past.flow.Field(name), v)
	}
	for _, e := range r.past.events {
		if said, ok := e.Input.(dialogue.Said); ok && e.value.Known() {
			r.masks.learn(r.past.flow.Field(e.field), e.value)
			r.masks.word(said.Text)
		}
	}
}

// visit is how the visitor came, without what may tell who it is.
func (r *recorder) visit(v flows.Visit) flows.Visit {
	out := flows.Visit{
		Page: r.masks.page(v.Page), Timezone: v.Timezone, Language: v.Language, Channel: v.Channel, Visits: v.Visits, Owner: v.Owner,
	}
	if r.told.Workspace.Roster.Rep(v.Owner) == nil {
		out.Owner = ""
	}
	if host := hostOf(v.Referrer); host != "" {
		out.Referrer = r.masks.clean(host)
	}
	for name, value := range v.UTM {
		if out.UTM == nil {
			out.UTM = map[string]string{}
		}
		out.UTM[r.masks.clean(name)] = r.masks.clean(value)
	}
	if len(v.Pages) > 0 {
		r.note("pages seen in earlier visits are not part of a story")
	}
	return out
}

// walk makes the turns, in a rehearsal that goes along.
func (r *recorder) walk(story *flows.Story) error {
	s, err := (&World{Workspace: r.told.Workspace}).Open(story.Flow, story.Now)
	if err != nil {
		return err
	}
	if _, err := s.Input(dialogue.Started{Visit: story.Visit}); err != nil {
		return err
	}
	t := teller{story: story, world: s.World, session: s, result: Result{Story: story}}
	do := func(turn flows.StoryTurn) error {
		story.Turns = append(story.Turns, turn)
		return t.do(&turn)
	}
	for _, e := range r.past.events[1:] {
		if err := r.introduce(s, do); err != nil {
			return err
		}
		for _, turn := range r.turn(e, s) {
			if err := do(turn); err != nil {
				return err
			}
		}
	}
	return r.introduce(s, do)
}

// introduce says what a profile told then, for stories have none.
func (r *recorder) introduce(s *Session, do func(flows.StoryTurn) error) error {
	for range r.known {
		ask := s.machineNow().Open(s.Conversation, s.Now)
		if ask == nil || s.Conversation.End != "" {
			return nil
		}
		v, ok := r.known[ask.Field]
		if !ok {
			return nil
		}
		delete(r.known, ask.Field)
		r.note("what a profile told is said by the visitor")
		if err := do(flows.StoryTurn{Visitor: r.masks.answer(r.past.flow.Field(ask.Field), v, "")}); err != nil {
			return err
		}
	}
	return nil
}

// machineNow is the machine of a session that has begun.
func (s *Session) machineNow() *dialogue.Machine {
	if s.machine != nil {
		return s.machine
	}
	return s.World.machines[s.Conversation.Flow]
}

// leastWait is the shortest time that is worth a line.
const leastWait = time.Minute

// turn is what an event is in a story.
func (r *recorder) turn(e event, s *Session) (turns []flows.StoryTurn) {
	gap := e.At.Sub(s.Now).Truncate(time.Second)
	_, lapsed := e.Input.(dialogue.Lapsed)
	if lapsed && !s.Conversation.WakeAt.IsZero() {
		gap = max(gap, s.Conversation.WakeAt.Sub(s.Now).Truncate(time.Second)+time.Second)
	}
	if gap >= leastWait || lapsed && gap > 0 {
		turns = append(turns, flows.StoryTurn{Wait: gap})
	}
	switch in := e.Input.(type) {
	case dialogue.Said:
		turns = append(turns, r.masks.said(in, e, r.past.flow.Field(e.field)))
	case dialogue.Visited:
		if page := r.masks.page(in.Page); page != "" {
			turns = append(turns, flows.StoryTurn{Visit: page})
		}
	case dialogue.Joined:
		if r.told.Workspace.Roster.Rep(in.Rep) != nil {
			turns = append(turns, flows.StoryTurn{Joins: in.Rep})
		}
	case dialogue.Left:
		if c := s.Conversation.Joined; c != nil {
			turns = append(turns, flows.StoryTurn{Leaves: c.Rep})
		}
	case dialogue.Lapsed, dialogue.Identified:
	case dialogue.Returned:
		r.note("that a letter led back to the conversation is not part of a story")
	case dialogue.Spoke:
		r.note("what colleagues wrote is not part of a story")
	default:
		r.note("what reps and calendars did to the lead is not part of a story")
	}
	return turns
}

// calendars are those with which a recorded story is told: free, full in the mornings, in the afternoons, for a week.
func calendars(now time.Time) []func(*flows.Rep, time.Time, time.Time) ([]slots.Interval, error) {
	days := func(from, to time.Duration) func(*flows.Rep, time.Time, time.Time) ([]slots.Interval, error) {
		return func(_ *flows.Rep, a, b time.Time) (busy []slots.Interval, _ error) {
			for day := a.UTC().Truncate(24 * time.Hour); day.Before(b); day = day.Add(24 * time.Hour) {
				busy = append(busy, slots.Interval{Start: day.Add(from), End: day.Add(to)})
			}
			return busy, nil
		}
	}
	week := func(*flows.Rep, time.Time, time.Time) ([]slots.Interval, error) {
		return []slots.Interval{{Start: now, End: now.Add(7 * 24 * time.Hour)}}, nil
	}
	return []func(*flows.Rep, time.Time, time.Time) ([]slots.Interval, error){nil, days(0, 9*time.Hour), days(9*time.Hour, 24*time.Hour), week}
}

// heardAt is what the bot said after each turn, and how the conversation stood at the end.
type heardAt struct {
	said [][]string // after the start, then after each turn
	end  map[string]string
}

// listen tells the story with one calendar.
func (r *recorder) listen(story *flows.Story, busy func(*flows.Rep, time.Time, time.Time) ([]slots.Interval, error)) (heardAt, error) {
	t := teller{story: story, world: &World{Workspace: r.told.Workspace, Busy: busy}, result: Result{Story: story}}
	var out heardAt
	var err error
	if t.session, err = t.world.Open(story.Flow, story.Now); err != nil {
		return out, err
	}
	if err := t.take(dialogue.Started{Visit: story.Visit}); err != nil {
		return out, err
	}
	out.said = append(out.said, texts(t.recent))
	for i := range story.Turns {
		if err := t.do(&story.Turns[i]); err != nil {
			return out, err
		}
		out.said = append(out.said, texts(t.recent))
	}
	out.end = standing(t.session.Conversation)
	return out, nil
}

func texts(h []heard) (out []string) {
	for _, one := range h {
		out = append(out, one.text)
	}
	return out
}

// standing is what a story may expect, by key.
func standing(c dialogue.Conversation) map[string]string {
	out := map[string]string{
		"step": stepOf(c.State), "grade": c.Score.Grade, "score": amount(c.Score.Score), "end": c.End, "reason": c.Reason,
		"team": assigned(c).Team, "rep": assigned(c).Rep,
	}
	if c.Meeting == nil {
		out["meeting"] = "none"
	}
	return out
}

// write is the story as YAML, with what the bot says and what is so at the end, as far as it does not hang on calendars.
func (r *recorder) write(story *flows.Story) (string, error) {
	var all []heardAt
	for _, busy := range calendars(story.Now) {
		h, err := r.listen(story, busy)
		if err != nil {
			return "", fmt.Errorf("conversation %s %w: %w", r.told.ID, ErrNotRecorded, err)
		}
		all = append(all, h)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "story: %s\nflow: %s\nnow: %s\n", quote(story.Name), story.Flow, story.Now.Format(time.RFC3339))
	if v := visitText(story.Visit); v != "" {
		fmt.Fprintf(&b, "visit: { %s }\n", v)
	}
	b.WriteString("turns:\n")
	for i := range len(story.Turns) + 1 {
		if i > 0 {
			fmt.Fprintf(&b, "  - %s\n", turnText(story.Turns[i-1]))
		}
		for n, text := range all[0].said[i] {
			if text != "" && !slices.ContainsFunc(all, func(h heardAt) bool { return n >= len(h.said[i]) || h.said[i][n] != text }) {
				fmt.Fprintf(&b, "  - bot: %s\n", quote(text))
			}
		}
	}
	var expect []string
	for _, key := range []string{"step", "grade", "score", "team", "rep", "end", "reason", "meeting"} {
		value := all[0].end[key]
		switch {
		case value == "" || slices.ContainsFunc(all, func(h heardAt) bool { return h.end[key] != value }):
		case key == "step" && r.past.flow.Step(value) == nil:
		case key == "score" || key == "meeting":
			expect = append(expect, key+": "+value)
		default:
			expect = append(expect, key+": "+quote(value))
		}
	}
	if len(expect) > 0 {
		fmt.Fprintf(&b, "  - expect: { %s }\n", strings.Join(expect, ", "))
	}
	return b.String(), nil
}

func turnText(t flows.StoryTurn) string {
	switch {
	case t.Visitor != "":
		return "visitor: " + quote(t.Visitor)
	case t.Value != "":
		return "value: " + quote(t.Value)
	case t.Wait > 0:
		return "wait: " + slots.Duration(t.Wait)
	case t.Visit != "":
		return "visit: " + quote(t.Visit)
	case t.Joins != "":
		return "joins: " + t.Joins
	}
	return "leaves: " + t.Leaves
}

func visitText(v flows.Visit) string {
	var out []string
	add := func(key, value string) {
		if value != "" {
			out = append(out, key+": "+quote(value))
		}
	}
	add("page", v.Page)
	add("referrer", v.Referrer)
	if len(v.UTM) > 0 {
		var utm []string
		for _, name := range slices.Sorted(maps.Keys(v.UTM)) {
			utm = append(utm, quote(name)+": "+quote(v.UTM[name]))
		}
		out = append(out, "utm: { "+strings.Join(utm, ", ")+" }")
	}
	add("timezone", v.Timezone)
	add("language", v.Language)
	add("channel", v.Channel)
	if v.Visits > 0 {
		out = append(out, fmt.Sprintf("visits: %d", v.Visits))
	}
	add("owner", v.Owner)
	return strings.Join(out, ", ")
}

// quote is a text as YAML: JSON strings are YAML (YAML 1.2, 1.3), and words that can be nothing else stand as they are.
func quote(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return `""` // no string fails
	}
	return strings.TrimSpace(b.String())
}
