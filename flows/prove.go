package flows

import (
	"fmt"
	"io/fs"
	"runtime"
	"strings"
	"sync"
)

// Prove loads a workspace and then reasons about it: what nobody reaches, what can never be so, what is used before it
// is known, what a score can come to. What it finds beyond Load are warnings, each of which can be allowed in the file
// (`# usher: allow RULE because REASON`). The surveys tell what is worth knowing of each flow, in the order of the
// workspace's; they and the workspace are nil when there is an error.
func Prove(files fs.FS) (*Workspace, []Survey, Problems) {
	l, w := compile(files)
	var surveys []Survey
	sound := !l.problems.Failed()
	if sound {
		surveys = l.study(w)
	}
	l.silence(sound)
	problems := l.problems.sort()
	if problems.Failed() {
		return nil, nil, problems
	}
	return w, surveys, problems
}

// Survey is what is worth knowing of a flow at a glance.
type Survey struct {
	Flow  string
	Place Place // of the flow

	Shortest, Longest         int    // questions that are asked at least and at most, from the beginning to an end
	Endless                   bool   // there is no most: a question may be asked again and again
	ShortestPath, LongestPath string // by which answers

	Least, Most float64 // score
	Scored      bool    // there are score rules
	Roughly     bool    // there were more cases than are looked at: the figures are bounds, not exact
}

// study reasons about a workspace in which nothing is wrong, about several flows at once.
func (l *loader) study(w *Workspace) []Survey {
	asked, routes := askedFields(w), mentionsOf(w.Roster)
	found := make([]Problems, len(l.makers))
	surveys := map[string]Survey{}
	var lock sync.Mutex
	var all sync.WaitGroup
	room := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, m := range l.makers {
		m.shape.file.problems = &found[i]
		all.Go(func() {
			room <- struct{}{}
			survey := newStudy(m, asked).check(routes)
			lock.Lock()
			surveys[survey.Flow] = survey
			lock.Unlock()
			<-room
		})
	}
	all.Wait()
	for i, m := range l.makers {
		m.shape.file.problems = &l.problems
		l.problems = append(l.problems, found[i][:min(len(found[i]), max(0, MaxProblems-len(l.problems)))]...)
	}
	l.studyTeam(w)
	ordered := make([]Survey, len(w.Flows))
	for i, f := range w.Flows {
		ordered[i] = surveys[f.ID]
	}
	return ordered
}

// studyTeam reasons about what is not in a flow.
func (l *loader) studyTeam(w *Workspace) {
	if l.roster.set() {
		t := teamStudy{shape: &l.roster, roster: w.Roster, w: w}
		t.check()
		t.checkRoutes(unionOf(w.Flows, w.Roster))
	}
	l.studyAnswers(w)
}

// studyAnswers looks at the words of the FAQ and of the replies.
func (l *loader) studyAnswers(w *Workspace) {
	c := wordChecker{several: len(l.languages()) > 1, seen: map[Place]bool{}}
	for i := range l.faq {
		c.file = l.faq[i].file
		c.text(&w.FAQ[i].Say)
	}
	if n := len(c.plain); n > 0 {
		c.find(c.plain[0], "missing-translation", "write it as a map by language",
			fmt.Sprintf("here and below %d of the answers are written in %s alone, and flows speak %s", n, l.languages()[0], strings.Join(l.languages(), ", ")))
	}
	c.several = false // a rep reads a reply before sending it
	for _, row := range l.replies.rows {
		c.file = row.key.file
		text := w.Replies[row.name]
		c.text(&text)
	}
}

// askedFields are the fields that a step of some flow asks for, or an invitation needs.
func askedFields(w *Workspace) map[string]bool {
	asked := map[string]bool{}
	for _, f := range w.Flows {
		for _, s := range f.Steps {
			if s.Ask != nil {
				asked[s.Ask.Name] = true
			}
			if s.Book != nil {
				for _, need := range s.Book.Needs {
					asked[need.Name] = true
				}
			}
		}
	}
	return asked
}

func mentionsOf(r *Roster) (all []Mention) {
	for _, route := range r.Routes {
		all = append(all, route.If.Mentions()...)
	}
	return all
}

// check looks at everything about a flow.
func (s *study) check(routes []Mention) Survey {
	survey := Survey{Flow: s.f.ID, Place: s.f.Place}
	s.follow()
	s.collect()
	s.measure(&survey)
	s.checkWays()
	s.checkKnown()
	s.checkOptions(routes)
	s.checkRetries()
	s.checkScore(&survey)
	s.checkWords()
	if s.rough {
		s.doubt(s.f.Place, "too-many-paths", "make several steps or several flows of it", "", "the conditions of this flow make more cases than are looked at: something may not have been found")
	}
	return survey
}
