package flows

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Bounds on follow-ups.
const (
	// MaxSequences of one workspace: each is looked at whenever somebody comes back.
	MaxSequences = 50
	// MaxLetters of one sequence: whoever has not answered twelve letters will not.
	MaxLetters = 12
	// MaxQuiet is the longest quiet time, in minutes: letters need some hours of the day.
	MaxQuiet = 20 * 60
	// maxPerLimit of letters within a limit: more is no limit.
	maxPerLimit = 100
	// minSilence of a conversation: whoever looks something up is not silent.
	minSilence = 10 * time.Minute
)

// followups makes what followups.yaml says; the flows and the roster are made. It is nil where there is no such file.
func (l *loader) followupsOf(w *Workspace, union *vocabulary) *Followups {
	s := &l.followups
	if !s.set() {
		return nil
	}
	m := followupMaker{loader: l, w: w, union: union, quiet: DefaultQuiet}
	f := &Followups{Limit: letterLimit(s.Limit), Imprint: tongue{union, l.languages()}.label(s.Imprint)}
	m.quiet = quietOf(s.Quiet, m.quiet)
	if len(s.Sequences) > MaxSequences {
		s.Sequences[MaxSequences].wrong("too-large", "", "there are more than %d sequences", MaxSequences)
		s.Sequences = s.Sequences[:MaxSequences]
	}
	seen := map[string]bool{}
	for i := range s.Sequences {
		s.Sequences[i].ID.id(seen, "sequence")
		f.Sequences = append(f.Sequences, m.sequence(&s.Sequences[i]))
	}
	return f
}

// followupMaker makes sequences.
type followupMaker struct {
	loader *loader
	w      *Workspace
	union  *vocabulary
	quiet  Span
}

func (m *followupMaker) sequence(s *sequenceShape) *Sequence {
	g := m.tongue(s)
	q := &Sequence{
		ID: s.ID.text, On: m.begin(s, g), Flow: s.Flow.text, If: g.condition(s.If), Quiet: quietOf(s.Quiet, m.quiet),
		Stop: stopsOf(s), Place: s.place(),
	}
	if len(s.Letters) > MaxLetters {
		s.Letters[MaxLetters].wrong("too-large", "", "a sequence has at most %d letters", MaxLetters)
		s.Letters = s.Letters[:MaxLetters]
	}
	if len(s.Letters) == 0 && s.ID.set() {
		s.ID.wrong("missing-value", "write letters: with after, subject and say", "the sequence %q has no letters", s.ID.text)
	}
	for i := range s.Letters {
		q.Letters = append(q.Letters, letterOf(&s.Letters[i], g))
	}
	return q
}

// tongue is what the sequence's texts and conditions may name: the fields of its flow, or those of all.
func (m *followupMaker) tongue(s *sequenceShape) tongue {
	all := tongue{m.union, m.loader.languages()}
	if s.Flow.text == "" {
		return all
	}
	i := slices.IndexFunc(m.w.Flows, func(f *Flow) bool { return f.ID == s.Flow.text })
	if i < 0 {
		if !m.loader.unread {
			s.Flow.wrong("unknown-flow", didYouMean(s.Flow.text, m.flowIDs()), "there is no flow %q", s.Flow.text)
		}
		return all
	}
	for _, maker := range m.loader.makers {
		if maker.flow == m.w.Flows[i] {
			return tongue{maker.vocabulary, maker.languages}
		}
	}
	return all
}

func (m *followupMaker) flowIDs() (ids []string) {
	for _, f := range m.w.Flows {
		ids = append(ids, f.ID)
	}
	return ids
}

// begin is what the sequence begins with: exactly one thing.
func (m *followupMaker) begin(s *sequenceShape, g tongue) Begin {
	on := &s.On
	set := 0
	for _, v := range []item{on.End.item, on.Silence.item, on.If.item} {
		if v.set() {
			set++
		}
	}
	const hint = "write on: { end: nurture }, on: { silence: 2h } or on: { if: visits >= 3 }"
	if set != 1 {
		on.wrong("not-one-beginning", hint, "a sequence begins with one thing, this one with %d", set)
	}
	on.End.among("end", Nurture, Waitlist, Qualified, EndLapsed)
	if d := on.Silence.positive(minSilence); on.Silence.set() && d < minSilence {
		on.Silence.doubt("short-silence", "write 10m or more", "whoever thinks for a moment is not silent")
	}
	return Begin{End: on.End.text, Silence: on.Silence.or(0), If: g.condition(on.If)}
}

func stopsOf(s *sequenceShape) (out []string) {
	if len(s.Stop) == 0 {
		return stops
	}
	for _, w := range s.Stop {
		if w.among("stop", stops...) && !slices.Contains(out, w.text) {
			out = append(out, w.text)
		}
	}
	return out
}

func letterOf(s *letterShape, g tongue) *Letter {
	letter := &Letter{After: s.After.or(0), Subject: g.text(s.Subject), Say: g.text(s.Say), Place: s.place()}
	letter.Subject.plain, letter.Say.plain = true, true
	secure(s.Say)
	for _, one := range s.Subject.by {
		if i := strings.IndexByte(one.text, '\n'); i >= 0 {
			one.wrong("bad-text", "write it on one line", "a subject is one line")
		}
	}
	return letter
}

var unsafeLink = regexp.MustCompile(`(?i)\b(http|javascript|data|ftp)://?[^\s]`)

// secure refuses links that are not https.
func secure(w words) {
	for _, one := range w.by {
		if at := unsafeLink.FindStringIndex(one.text); at != nil {
			place := newLocator(one.item).place(utf8.RuneCountInString(one.text[:at[0]]))
			one.file.report(Error, place, "bad-address", "a link in a letter is an https address", "begin it with https://")
		}
	}
}

var limitPattern = regexp.MustCompile(`^([0-9]{1,4}) (?:a|per) (day|week|month)$`)

// letterLimit reads 2 a week.
func letterLimit(w word) LetterLimit {
	if w.text == "" {
		return DefaultLetterLimit
	}
	found := limitPattern.FindStringSubmatch(strings.Join(strings.Fields(w.text), " "))
	if found == nil {
		w.wrong("bad-limit", "write a number and a time: 2 a week", "%q is not a limit", w.text)
		return DefaultLetterLimit
	}
	n, _ := strconv.Atoi(found[1]) // at most four digits
	if n < 1 || n > maxPerLimit {
		w.wrong("out-of-range", "", "the limit is from 1 to %d letters", maxPerLimit)
		return DefaultLetterLimit
	}
	for _, unit := range limitUnits {
		if unit.name == found[2] {
			return LetterLimit{Letters: n, Within: unit.of}
		}
	}
	return DefaultLetterLimit
}

// quietOf reads 21:00-08:00, which passes midnight; never is a span without a minute in it.
func quietOf(w word, unset Span) Span {
	switch strings.TrimSpace(w.text) {
	case "":
		return unset
	case "never":
		return Span{}
	}
	first, last, _ := strings.Cut(w.text, "-")
	from, ok1 := parseClock(first)
	to, ok2 := parseClock(last)
	if !ok1 || !ok2 {
		w.wrong("bad-hours", `write it like "21:00-08:00", or never`, "%q is not a time of quiet", w.text)
		return unset
	}
	const day = 24 * 60
	q := Span{From: from % day, To: to % day}
	if length := (q.To - q.From + day) % day; length == 0 || length > MaxQuiet {
		w.wrong("out-of-range", "write never where there is none", "a time of quiet is longer than nothing and at most %d hours", MaxQuiet/60)
		return unset
	}
	return q
}
