package terminal

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"usher/bot/dialogue"
	"usher/bot/rehearse"
	"usher/flows"
)

// talk is one rehearsed conversation as the chat shows it: whatever happens gives lines.
type talk struct {
	session *rehearse.Session
	zone    *time.Location // of the visitor, for times
	clock   func() time.Time
	said    int
}

// receipt is the score with its reasons because it was asked for.
type receipt struct{ rehearse.ScoreLine }

// begin opens the conversation.
func (t *talk) begin(v flows.Visit) ([]rehearse.Line, error) {
	return t.input(dialogue.Started{Visit: v})
}

// say takes what was typed. A line that begins with a slash rehearses what else happens: time, pages, people.
func (t *talk) say(text string) ([]rehearse.Line, error) {
	if word, rest, _ := strings.Cut(strings.TrimSpace(text), " "); strings.HasPrefix(word, "/") {
		return t.happen(word, strings.TrimSpace(rest))
	}
	t.said++
	return t.input(dialogue.Said{ID: strconv.Itoa(t.said), Text: text})
}

// choose takes an option of the open question.
func (t *talk) choose(value string) ([]rehearse.Line, error) {
	t.said++
	return t.input(dialogue.Said{ID: strconv.Itoa(t.said), Value: value})
}

// happenings is what the slash lines do, for whoever mistypes one.
const happenings = "/wait 2m · /visit /pricing · /join REP · /leave · /score · /quit"

func (t *talk) happen(word, rest string) ([]rehearse.Line, error) {
	switch word {
	case "/wait":
		d, ok := flows.Lapse(rest)
		if !ok {
			return nil, misuse("/wait takes a length of time: /wait 2m, or 30s, 2h, 14d, 2w")
		}
		return t.wait(d)
	case "/visit":
		return t.input(dialogue.Visited{Page: rest})
	case "/join":
		rep := t.session.World.Workspace.Roster.Rep(rest)
		if rep == nil {
			return nil, misuse("there is no rep %q", rest)
		}
		return t.input(dialogue.Joined{Person: dialogue.Person{Rep: rep.ID, Name: rep.Name, Picture: rep.Picture}})
	case "/leave":
		if t.session.Conversation.Joined == nil {
			return nil, misuse("nobody has joined")
		}
		return t.input(dialogue.Left{Rep: t.session.Conversation.Joined.Rep})
	case "/score":
		return []rehearse.Line{receipt{rehearse.Score(t.session.Conversation.Score)}}, nil
	}
	return nil, misuse("there is no %s; there is %s", word, happenings)
}

// wait lets time pass on a clock of its own.
func (t *talk) wait(d time.Duration) ([]rehearse.Line, error) {
	real, ahead := t.clock, d
	t.clock = func() time.Time { return real().Add(ahead) }
	return t.lapse()
}

// lapse takes the silence that has become an input by now.
func (t *talk) lapse() ([]rehearse.Line, error) {
	before := t.session.Conversation
	d := t.clock().Sub(t.session.Now)
	if d <= 0 {
		return nil, nil
	}
	effects, err := t.session.Wait(d)
	return t.session.Facts(before, effects), err
}

// input takes what happens now, after the silence that came before it.
func (t *talk) input(in dialogue.Input) ([]rehearse.Line, error) {
	lines, err := t.lapse()
	if err != nil {
		return lines, err
	}
	before := t.session.Conversation
	effects, err := t.session.Input(in)
	if err != nil {
		return lines, err
	}
	return append(lines, t.session.Facts(before, effects)...), nil
}

// explain is a receipt for people.
func explain(l rehearse.ScoreLine) []string {
	out := []string{strings.TrimSpace("score " + number(l.Score) + " " + l.Grade)}
	for _, r := range l.Reasons {
		part := ""
		if r.Part != "" {
			part = " (" + r.Part + ")"
		}
		out = append(out, fmt.Sprintf("  %+g  %s%s", r.Points, r.Because, part))
	}
	return out
}

func number(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// isMisuse says whether an error is the typist's and the conversation goes on.
func isMisuse(err error) bool {
	var use *UseError
	return errors.As(err, &use)
}
