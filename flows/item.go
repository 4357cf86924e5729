package flows

import (
	"fmt"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v4"
)

// item is a YAML value with the file it stands in. Every shape holds the item it was read from, so that whatever is
// found wrong later still knows its place.
type item struct {
	file *file
	node *yaml.Node
}

func (v *item) keep(from item) { *v = from }

// set says whether the author wrote the value at all.
func (v item) set() bool { return v.node != nil }

func (v item) place() Place {
	if !v.set() {
		return Place{}
	}
	return v.file.place(v.node)
}

// wrong reports a mistake. Of what is not written something else has been said: that it is missing.
func (v item) wrong(rule, hint, format string, args ...any) {
	if !v.set() {
		return
	}
	v.file.report(Error, v.place(), rule, fmt.Sprintf(format, args...), hint)
}

func (v item) doubt(rule, hint, format string, args ...any) {
	if !v.set() {
		return
	}
	v.file.report(Warning, v.place(), rule, fmt.Sprintf(format, args...), hint)
}

// key is the item of the key under which a value stands in this mapping: where a misplaced key is pointed at.
func (v item) key(name string) item {
	if v.set() && v.node.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(v.node.Content); i += 2 {
			if v.node.Content[i].Value == name {
				return item{v.file, v.node.Content[i]}
			}
		}
	}
	return v
}

// is names the kind of value that stands here, as an author would.
func (v item) is() string {
	switch v.node.Kind {
	case yaml.MappingNode:
		return "a map"
	case yaml.SequenceNode:
		return "a list"
	}
	switch v.node.Tag {
	case "!!int", "!!float":
		return "a number"
	case "!!bool":
		return "true or false"
	case "!!null":
		return "nothing"
	case "!!timestamp":
		return "a date"
	}
	return "text"
}

func (v item) wanted(what, hint string) {
	v.wrong("wrong-type", hint, "this is %s, expected %s", v.is(), what)
}

// reader is a shape that reads itself from a YAML value and reports what does not fit.
type reader interface{ read(item) }

// into reads the value into a shape: a reader, a struct whose fields are its keys, or a slice.
func (v item) into(dst reflect.Value) {
	if r, ok := dst.Addr().Interface().(reader); ok {
		r.read(v)
		return
	}
	switch dst.Kind() {
	case reflect.Struct:
		v.intoStruct(dst)
	case reflect.Slice:
		v.intoSlice(dst)
	default:
		panic("flows: no way to read a " + dst.Type().String())
	}
}

// pairs are the keys and values of a mapping; a key written twice is reported and its first value kept.
func (v item) pairs(yield func(key, value item) bool) {
	if v.node.Kind != yaml.MappingNode {
		v.wanted("a map", "")
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(v.node.Content); i += 2 {
		key, value := item{v.file, v.node.Content[i]}, item{v.file, v.node.Content[i+1]}
		switch {
		case key.node.Tag == "!!merge":
			key.wrong("alias", "write the keys out", "<< is not part of the language")
		case key.node.Kind != yaml.ScalarNode:
			key.wrong("wrong-type", "", "a key is one word")
		case seen[key.node.Value]:
			key.wrong("duplicate-key", "", "%q is written twice in this map", key.node.Value)
		default:
			seen[key.node.Value] = true
			if !yield(key, value) {
				return
			}
		}
	}
}

// elements are the values of a list.
func (v item) elements(yield func(item) bool) {
	if v.node.Kind != yaml.SequenceNode {
		v.wanted("a list", "")
		return
	}
	for _, child := range v.node.Content {
		if !yield(item{v.file, child}) {
			return
		}
	}
}

func (v item) intoStruct(dst reflect.Value) {
	dst.Addr().Interface().(interface{ keep(item) }).keep(v)
	known := keysOf(dst.Type())
	found := map[string]bool{}
	v.pairs(func(key, value item) bool {
		name := key.node.Value
		k, ok := known[name]
		if !ok {
			key.wrong("unknown-key", didYouMean(name, sortedKeys(known)), "unknown key %q", name)
			return true
		}
		found[name] = true
		if value.node.Tag == "!!null" {
			key.wrong("missing-value", "", "%q has no value", name)
			return true
		}
		value.into(dst.Field(k.index))
		return true
	})
	if v.node.Kind != yaml.MappingNode {
		return
	}
	for _, name := range sortedKeys(known) {
		if known[name].required && !found[name] {
			v.wrong("missing-key", "", "%q is missing here", name)
		}
	}
}

func (v item) intoSlice(dst reflect.Value) {
	v.elements(func(e item) bool {
		one := reflect.New(dst.Type().Elem()).Elem()
		e.into(one)
		dst.Set(reflect.Append(dst, one))
		return true
	})
}

type key struct {
	index    int
	required bool
}

// keysOf are the keys a struct knows, from its json tags; one without omitempty is required.
func keysOf(t reflect.Type) map[string]key {
	keys := map[string]key{}
	for i := range t.NumField() {
		name, options, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if name != "" && name != "-" {
			keys[name] = key{index: i, required: options == ""}
		}
	}
	return keys
}
