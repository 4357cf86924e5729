package flows

import "io/fs"

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

// study reasons about a workspace in which nothing is wrong.
func (l *loader) study(w *Workspace) (surveys []Survey) {
	for _, f := range w.Flows {
		surveys = append(surveys, Survey{Flow: f.ID, Place: f.Place})
	}
	return surveys
}
