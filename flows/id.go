package flows

import (
	"regexp"
	"slices"
)

var idPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,62}$`)

// id checks an id and that it is not taken.
func (w word) id(seen map[string]bool, what string) {
	switch {
	case w.text == "" && w.set() && w.node.Tag == "!!str":
		w.wrong("bad-id", "", "the %s has an empty id", what)
	case w.text == "":
	case !idPattern.MatchString(w.text):
		w.wrong("bad-id", "use a-z, 0-9, _ and -, at most 63", "%q cannot be an id", w.text)
	case seen[w.text]:
		w.wrong("duplicate-id", "", "the id %q is taken", w.text)
	}
	seen[w.text] = true
}

// among reports a word that is none of those allowed.
func (w word) among(what string, allowed ...string) bool {
	if w.text == "" || slices.Contains(allowed, w.text) {
		return w.text != ""
	}
	w.wrong("unknown-"+what, didYouMean(w.text, allowed), "there is no %s %q", what, w.text)
	return false
}
