package flows

import (
	"path"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"
)

// grammar is what may stand at one place of a file, as its schema says: the keys of a map in their order, what other
// keys hold, what the elements of a list are, and the words that are allowed.
type grammar struct {
	name    string // of the shape: flow, step, field …; "" for what has none
	keys    []*grammarKey
	others  *grammar // of the values of keys that the author names
	element *grammar
	words   []string
	truth   bool // true or false
}

// grammarKey is one key of a map.
type grammarKey struct {
	name     string
	says     string // what an editor shows
	required bool
	value    *grammar
}

// key is the key with that name, or nil.
func (g *grammar) key(name string) *grammarKey {
	if g == nil {
		return nil
	}
	for _, k := range g.keys {
		if k.name == name {
			return k
		}
	}
	return nil
}

// below is the grammar of what stands under a key.
func (g *grammar) below(name string) *grammar {
	if k := g.key(name); k != nil {
		return k.value
	}
	if g == nil {
		return nil
	}
	return g.others
}

// within is the grammar of the elements of a list.
func (g *grammar) within() *grammar {
	if g == nil {
		return nil
	}
	return g.element
}

// grammars are those of all kinds of file.
var grammars = sync.OnceValue(func() map[string]*grammar {
	all := map[string]*grammar{}
	for _, kind := range []string{flowKind, teamKind, faqKind, repliesKind, followupsKind, hooksKind, privacyKind, storyKind} {
		data, err := Schema(kind)
		if err != nil {
			panic(err) // it is embedded
		}
		var document yaml.Node // JSON is YAML, and its nodes keep the order of the keys
		if err := yaml.Unmarshal(data, &document); err != nil {
			panic(err)
		}
		m := grammarMaker{root: document.Content[0], made: map[string]*grammar{}}
		all[kind] = m.of(m.root)
	}
	return all
})

// grammarMaker reads one schema.
type grammarMaker struct {
	root *yaml.Node
	made map[string]*grammar // by the name of the shape: a shape may hold itself
}

func (m grammarMaker) of(schema *yaml.Node) *grammar {
	if ref := member(schema, "$ref"); ref != nil {
		return m.shape(strings.TrimPrefix(ref.Value, "#/$defs/"))
	}
	g := &grammar{}
	m.fill(g, schema)
	return g
}

func (m grammarMaker) shape(name string) *grammar {
	if g := m.made[name]; g != nil {
		return g
	}
	g := &grammar{name: name}
	m.made[name] = g
	m.fill(g, member(member(m.root, "$defs"), name))
	return g
}

func (m grammarMaker) fill(g *grammar, schema *yaml.Node) {
	required := member(schema, "required")
	eachMember(member(schema, "properties"), func(name string, value *yaml.Node) {
		k := &grammarKey{name: name, value: m.of(value)}
		if says := member(value, "description"); says != nil {
			k.says = says.Value
		}
		k.required = required != nil && slices.ContainsFunc(required.Content, func(n *yaml.Node) bool { return n.Value == name })
		g.keys = append(g.keys, k)
	})
	if others := member(schema, "additionalProperties"); others != nil && others.Kind == yaml.MappingNode {
		g.others = m.of(others)
	}
	if items := member(schema, "items"); items != nil {
		g.element = m.of(items)
	}
	if words := member(schema, "enum"); words != nil {
		for _, w := range words.Content {
			g.words = append(g.words, w.Value)
		}
	}
	if kind := member(schema, "type"); kind != nil {
		g.truth = kind.Value == "boolean"
	}
	if either := member(schema, "anyOf"); either != nil {
		for _, one := range either.Content {
			g.join(m.of(one))
		}
	}
}

// join adds what an alternative allows.
func (g *grammar) join(other *grammar) {
	if g.name == "" {
		g.name = other.name
	}
	for _, k := range other.keys {
		if g.key(k.name) == nil {
			g.keys = append(g.keys, k)
		}
	}
	if g.others == nil {
		g.others = other.others
	}
	if g.element == nil {
		g.element = other.element
	}
	g.words = append(g.words, other.words...)
}

func member(n *yaml.Node, name string) (found *yaml.Node) {
	eachMember(n, func(key string, value *yaml.Node) {
		if key == name {
			found = value
		}
	})
	return found
}

func eachMember(n *yaml.Node, yield func(name string, value *yaml.Node)) {
	if n == nil || n.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		yield(n.Content[i].Value, n.Content[i+1])
	}
}

// kindOf is what kind of file has this name in a workspace.
func kindOf(name string) string {
	if path.Base(path.Dir(name)) == storiesFiles {
		return storyKind
	}
	switch strings.TrimSuffix(path.Base(name), path.Ext(name)) {
	case teamFile:
		return teamKind
	case faqFile:
		return faqKind
	case repliesFile:
		return repliesKind
	case followupsFile:
		return followupsKind
	case privacyFile:
		return privacyKind
	case hooksFile:
		return hooksKind
	}
	return flowKind
}
