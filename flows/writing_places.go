package flows

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Definition is where what is named at a place is made; ok is false where nothing is named, or it is made nowhere. Of
// a file it is its beginning.
func (w *Writing) Definition(p Place) (Stretch, bool) {
	n := w.at(p)
	if n == nil {
		return Stretch{}, false
	}
	if n.kind == aFile {
		if strings.Contains(n.name, ":") || strings.HasPrefix(n.name, "$") {
			return Stretch{}, false
		}
		return Stretch{Place{n.name, 1, 1}, 1}, true
	}
	made := w.made(*n)
	if made == nil {
		return Stretch{}, false
	}
	return made.span, true
}

// References are all places at which the same thing is named as here.
func (w *Writing) References(p Place) (found []Stretch) {
	n := w.at(p)
	if n == nil || n.kind == aFile {
		return nil
	}
	for _, other := range w.all(*n) {
		found = append(found, other.span)
	}
	return found
}

// ErrNoName says that nothing with a name that could be changed stands at a place.
var ErrNoName = errors.New("nothing here has a name that can be changed")

// Renamable is the name at a place; ok is false where there is none that can be changed.
func (w *Writing) Renamable(p Place) (Stretch, bool) {
	n := w.at(p)
	if n == nil || n.kind == aFile || w.made(*n) == nil {
		return Stretch{}, false
	}
	return n.span, true
}

// Rename gives the stretches that are to be replaced so that what is named at a place has a new name. A field that routes or
// questions name, which speak of the fields of all flows, is renamed in all flows.
func (w *Writing) Rename(p Place, name string) ([]Stretch, error) {
	n := w.at(p)
	if _, ok := w.Renamable(p); !ok {
		return nil, ErrNoName
	}
	if err := w.nameable(*n, name); err != nil {
		return nil, err
	}
	found := w.all(*n)
	if slices.ContainsFunc(found, func(o naming) bool { return o.flow == "" }) && n.kind == aField {
		everywhere := *n
		everywhere.flow = ""
		found = nil
		for _, f := range w.files() {
			for _, other := range w.pages[f].names {
				if alike(everywhere, other) {
					found = append(found, other)
				}
			}
		}
	}
	var stretches []Stretch
	for _, o := range found {
		stretches = append(stretches, o.span)
	}
	return stretches, nil
}

// nameable refuses a name that could not stand there, or that is taken.
func (w *Writing) nameable(n naming, name string) error {
	pattern := idPattern
	if n.kind == aField {
		pattern = fieldPattern
	}
	switch {
	case n.kind != aPart && n.kind != aGrade && !pattern.MatchString(name):
		return fmt.Errorf("%q cannot be the name of a %s: use a-z, 0-9 and _, a letter first", name, n.kind)
	case strings.ContainsAny(name, "\"'{}[]:,#\n\\") || strings.TrimSpace(name) != name || name == "":
		return fmt.Errorf("%q cannot be a name", name)
	case n.kind == aField && (slices.Contains(plainNames, name) || slices.Contains(grammarWords, name)):
		return fmt.Errorf("the name %s means something else in conditions", name)
	}
	taken := n
	taken.name = name
	if w.made(taken) != nil {
		return fmt.Errorf("there is a %s %s already", n.kind, name)
	}
	return nil
}

// Symbol is something that a file makes, for its outline.
type Symbol struct {
	Name string
	Kind string
	Says string
	At   Stretch
}

// Symbols are what a file makes, in order; a rule's part is none.
func (w *Writing) Symbols(file string) (all []Symbol) {
	page := w.pages[file]
	if page == nil {
		return nil
	}
	for _, n := range page.names {
		if n.made && n.kind != aPart {
			all = append(all, Symbol{n.name, string(n.kind), w.about(n), n.span})
		}
	}
	return all
}
