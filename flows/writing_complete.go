package flows

import (
	"slices"
	"strings"
)

// Suggestion is what could stand at a place.
type Suggestion struct {
	Label  string
	Kind   string // key, value, field, step, name, function …
	Says   string // a sentence, or ""
	Insert string // what is put in place of the stretch
	At     Stretch
}

// Complete says what could stand at a place: keys, words that are allowed, what is named elsewhere, and in conditions and
// between {{ }} fields, names, functions and the options of what is compared.
func (w *Writing) Complete(p Place) []Suggestion {
	c := contextAt(strings.Split(w.texts[p.File], "\n"), p.Line, p.Col)
	asked := completion{w: w, at: p, c: c, kind: kindOf(p.File), flow: w.flowAt(p)}
	asked.grammar = grammars()[asked.kind]
	for i, step := range c.steps {
		if asked.kind == storyKind && i == 0 && step == "*" {
			asked.grammar = grammars()[storyKind]
			continue
		}
		if step == "*" {
			asked.grammar = asked.grammar.within()
			continue
		}
		asked.grammar = asked.grammar.below(step)
	}
	asked.answer()
	return asked.found
}

// flowAt is the flow whose names may be used at a place; "" = of every flow.
func (w *Writing) flowAt(p Place) string {
	page := w.pages[p.File]
	if page == nil {
		return ""
	}
	flow := page.flow
	for _, n := range page.names {
		if n.kind == aFlow && n.span.Line <= p.Line {
			flow = n.name
		}
	}
	return flow
}

type completion struct {
	w       *Writing
	at      Place
	c       context
	kind    string
	flow    string
	grammar *grammar
	found   []Suggestion
}

func (a *completion) answer() {
	last := ""
	if n := len(a.c.steps); n > 0 {
		last = a.c.steps[n-1]
	}
	open := strings.LastIndex(a.c.typed, "{{")
	switch {
	case !a.c.key && open >= 0 && !strings.Contains(a.c.typed[open:], "}}"):
		a.expression(a.c.typed[open+2:])
	case !a.c.key && isFormula(last):
		a.expression(a.c.typed)
	case a.c.key:
		a.keys()
	default:
		a.values()
	}
}

// add suggests a word in the place of the last characters before the place.
func (a *completion) add(s Suggestion, length int) {
	s.At = Stretch{Place{a.at.File, a.at.Line, a.at.Col - length}, a.at.Col}
	if s.Insert == "" {
		s.Insert = s.Label
	}
	a.found = append(a.found, s)
}

func (a *completion) keys() {
	length := len([]rune(a.c.typed))
	if a.grammar != nil {
		for _, name := range a.grammar.order() {
			k := a.grammar.key(name)
			if k == nil || slices.Contains(a.c.beside, name) {
				continue
			}
			a.add(Suggestion{Label: name, Kind: "key", Says: k.says, Insert: name + ": "}, length)
		}
	}
	if at, ok := namesAt[siteOf(a.kind, append(a.c.steps[:len(a.c.steps):len(a.c.steps)], "@"))]; ok && !at.made {
		for _, s := range a.w.suggest(at.kind, a.flow) {
			s.Insert = s.Label + ": "
			a.add(s, length)
		}
	}
	if len(a.found) == 0 {
		a.values() // a list's element
	}
}

func (a *completion) values() {
	length := len([]rune(a.c.typed))
	if at, ok := namesAt[siteOf(a.kind, a.c.steps)]; ok && (!at.made || at.kind == aPart) {
		for _, s := range a.w.suggest(at.kind, a.flow) {
			a.add(s, length)
		}
		if at.kind == aTeam && a.kind == teamKind {
			a.add(Suggestion{Label: Owner, Kind: "value", Says: "The rep who already has the lead."}, length)
		}
	}
	if g := a.grammar; g != nil {
		words := g.words
		if g.truth {
			words = []string{"true", "false"}
		}
		for _, word := range words {
			a.add(Suggestion{Label: word, Kind: "value"}, length)
		}
	}
	switch siteOf(a.kind, a.c.steps) {
	case "flow/fields/" + a.step(1) + "/from":
		for _, source := range visitSources {
			a.add(Suggestion{Label: source, Kind: "value", Says: wordsSay[source]}, length)
		}
		for _, name := range utmNames {
			a.add(Suggestion{Label: "utm." + name, Kind: "value"}, length)
		}
	case "team/teams/*/assign":
		for _, way := range []string{AssignFair, AssignFirstFree, AssignInOrder, AssignLeastBusy} {
			if a.grammar == nil || !slices.Contains(a.grammar.words, way) {
				a.add(Suggestion{Label: way, Kind: "value"}, length)
			}
		}
	}
}

func (a *completion) step(i int) string {
	if i < len(a.c.steps) {
		return a.c.steps[i]
	}
	return ""
}

// suggest gives what is made of a kind.
func (w *Writing) suggest(kind namedKind, flow string) (all []Suggestion) {
	kinds := []namedKind{kind}
	if kind == aTeam {
		kinds = append(kinds, aRep)
	}
	for _, kind := range kinds {
		for _, n := range w.of(kind, flow) {
			all = append(all, Suggestion{Label: n.name, Kind: string(kind), Says: w.about(n)})
		}
	}
	if kind == aField {
		for _, name := range []string{"name", "email", "phone", "company"} {
			if !slices.ContainsFunc(all, func(s Suggestion) bool { return s.Label == name }) {
				all = append(all, Suggestion{Label: name, Kind: string(aField), Says: "A field of every flow."})
			}
		}
	}
	return all
}

// expression suggests what could stand at the end of an expression.
func (a *completion) expression(source string) {
	tokens := expressionTokens(source)
	word := ""
	if n := len(tokens); n > 0 && tokens[n-1].to == len([]rune(source)) {
		if tokens[n-1].word {
			word, tokens = tokens[n-1].value, tokens[:n-1]
		} else if tokens[n-1].text && !closed(source, tokens[n-1]) {
			a.quoted(tokens[:n-1], string([]rune(source)[tokens[n-1].from+1:]))
			return
		}
	}
	length := len([]rune(word))
	if n := len(tokens); n > 1 && tokens[n-1].value == "." {
		for _, name := range a.members(tokens[n-2].value) {
			a.add(Suggestion{Label: name, Kind: "name"}, length)
		}
		return
	}
	if n := len(tokens); n > 1 && (tokens[n-1].value == "==" || tokens[n-1].value == "!=") {
		for _, value := range a.valuesOf(tokens[n-2].value) {
			a.add(Suggestion{Label: `"` + value + `"`, Kind: "value"}, length)
		}
	}
	for _, s := range a.w.suggest(aField, a.flow) {
		a.add(s, length)
	}
	for _, name := range append(plainNames, softNames...) {
		insert, kind := name, "name"
		if slices.Contains(functions, name) {
			insert, kind = name+"(", "function"
		}
		a.add(Suggestion{Label: name, Kind: kind, Says: wordsSay[name], Insert: insert}, length)
	}
	for _, name := range []string{"and", "or", "not", "in", "contains", "startsWith", "endsWith", "matches"} {
		a.add(Suggestion{Label: name, Kind: "word", Says: wordsSay[name]}, length)
	}
}

// closed says whether the quote that begins a text ends it too.
func closed(source string, t lexeme) bool {
	runes := []rune(source)
	return t.to-t.from >= 2 && runes[t.to-1] == runes[t.from]
}

// quoted suggests texts inside quotes that are still open.
func (a *completion) quoted(tokens []lexeme, typed string) {
	n := len(tokens)
	if n < 2 {
		return
	}
	length := len([]rune(typed))
	if tokens[n-1].value == "(" && tokens[n-2].value == "open" {
		for _, s := range slices.Concat(a.w.suggest(aWeek, ""), a.w.suggest(aTeam, "")) {
			a.add(s, length)
		}
		return
	}
	for n > 2 && slices.Contains([]string{",", "[", "in", "not"}, tokens[n-1].value) || n > 2 && tokens[n-1].text {
		n--
	}
	name := tokens[n-1].value
	if !tokens[n-1].word || slices.Contains([]string{"contains", "in"}, name) {
		name = tokens[max(0, n-2)].value
	}
	for _, value := range a.valuesOf(name) {
		a.add(Suggestion{Label: value, Kind: "value"}, length)
	}
}

// members are what stands behind the dot of a name.
func (a *completion) members(name string) (names []string) {
	switch name {
	case "rep":
		return sortedKeys(repNames)
	case "meeting":
		return append(sortedKeys(meetingNames), "minutes")
	case "utm":
		return utmNames
	case "part":
		for _, n := range a.w.of(aPart, a.flow) {
			names = append(names, n.name)
		}
	}
	return names
}

// valuesOf are what a name is compared with.
func (a *completion) valuesOf(name string) (values []string) {
	switch name {
	case "weekday":
		return weekdays[:]
	case "grade", "owner":
		kind := map[string]namedKind{"grade": aGrade, "owner": aRep}[name]
		for _, n := range a.w.of(kind, a.flow) {
			values = append(values, n.name)
		}
		return values
	}
	for _, n := range a.w.of(aField, a.flow) {
		if n.name == name {
			eachOption(n.node, func(value, _ string) { values = append(values, value) })
		}
	}
	return values
}
