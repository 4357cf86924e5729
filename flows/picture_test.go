package flows

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func wellFormed(t failing, svg string) (texts []string) {
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return texts
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, svg)
		}
		if words, ok := token.(xml.CharData); ok {
			texts = append(texts, string(words))
		}
	}
}

func TestPictureShowsStepsAndConditions(t *testing.T) {
	w, _ := Load(Example())
	svg := w.Picture("book-a-demo", "get-help")
	all := strings.Join(wellFormed(t, svg), "\n")
	for _, f := range w.Flows {
		for _, s := range f.Steps {
			if !strings.Contains(all, "\n"+s.ID+"\n") {
				t.Errorf("%s of %s is not drawn", s.ID, f.ID)
			}
		}
	}
	for _, words := range []string{`goal == "help"`, "else", "no answer after 3 tries", "ends: waitlist", "asks for team_size"} {
		if !strings.Contains(all, words) {
			t.Errorf("%q is not in it", words)
		}
	}
	for _, class := range []string{"box qualified", "box waitlist", "box nurture", "box ask", "prefers-color-scheme:dark"} {
		if !strings.Contains(svg, class) {
			t.Errorf("%q is not in it", class)
		}
	}
	if w.Picture("nothing") != "" {
		t.Error("draws what is not there")
	}
}

// TestPictureOfAnyFlow: whatever leads where, no two boxes or words lie on each other, and every way arrives.
func TestPictureOfAnyFlow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := &Flow{ID: "f"}
		count := rapid.IntRange(1, 25).Draw(t, "steps")
		for i := range count {
			s := &Step{ID: fmt.Sprint("s", i)}
			text := plainText("en", rapid.StringN(0, 120, 400).Draw(t, "say"), Place{})
			s.Say = &text
			for range rapid.IntRange(0, 4).Draw(t, "ways") {
				e := Edge{To: fmt.Sprint("s", rapid.IntRange(0, count-1).Draw(t, "to"))}
				if rapid.Bool().Draw(t, "with a condition") {
					e.If = &Condition{Source: rapid.StringN(1, 60, 200).Draw(t, "if")}
				}
				s.Next = append(s.Next, e)
			}
			f.Steps = append(f.Steps, s)
		}
		p := newPicture(f)
		for _, layer := range p.layers {
			for i := 1; i < len(layer); i++ {
				a, b := p.nodes[layer[i-1]], p.nodes[layer[i]]
				if a.x+a.w/2 > b.x-b.w/2+0.01 {
					t.Fatalf("two things lie on each other at %v and %v", a.x, b.x)
				}
			}
		}
		for _, l := range p.links {
			if p.nodes[l.below].layer != p.nodes[l.above].layer+1 {
				t.Fatalf("a way leaps over a layer")
			}
		}
		w := &Workspace{Flows: []*Flow{f}}
		wellFormed(t, w.Picture("f"))
	})
}

// TestThereIsAPictureOfTheLargestFlow ends at all: what is tried to have few ways cross does not grow with the flow.
func TestThereIsAPictureOfTheLargestFlow(t *testing.T) {
	f := &Flow{ID: "f"}
	for i := range MaxSteps {
		s := &Step{ID: fmt.Sprint("s", i)}
		for k := range 2 {
			s.Next = append(s.Next, Edge{If: &Condition{Source: "visits > 3"}, To: fmt.Sprint("s", (i*7919+k*104729)%MaxSteps)})
		}
		f.Steps = append(f.Steps, s)
	}
	w := &Workspace{Flows: []*Flow{f}}
	if drawn := strings.Count(w.Picture("f"), "<rect"); drawn < MaxSteps {
		t.Errorf("%d steps are drawn", drawn)
	}
}

func TestWrappedWordsFit(t *testing.T) {
	for _, text := range []string{"", "one", strings.Repeat("word ", 80), strings.Repeat("x", 300), strings.Repeat("字", 90), "a\nb"} {
		lines := wrapText(text, 200, 4)
		if len(lines) > 4 {
			t.Errorf("%d lines of %q", len(lines), text)
		}
		for _, l := range lines {
			if textWidth(l) > 220 {
				t.Errorf("%q is too wide", l)
			}
		}
	}
}
