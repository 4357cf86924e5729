package flows

import (
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// word is one text without expressions: an id, a name, a pattern.
type word struct {
	item
	text string
}

func (w *word) read(v item) {
	w.keep(v)
	if v.node.Kind != yaml.ScalarNode || v.node.Tag != "!!str" && v.node.Tag != "!!timestamp" {
		hint := ""
		if v.node.Kind == yaml.ScalarNode {
			hint = "put it in quotes: " + strconv.Quote(v.node.Value)
		}
		v.wanted("text", hint)
		return
	}
	w.text = v.node.Value
}

// scalar is any single value as it is written: what a visitor says, a date, a choice's value.
type scalar struct {
	item
	text string
}

func (s *scalar) read(v item) {
	s.keep(v)
	if v.node.Kind != yaml.ScalarNode {
		v.wanted("a single value", "")
		return
	}
	s.text = v.node.Value
}

// number is a finite number.
type number struct {
	item
	value float64
	sound bool // it was one; else that is reported already
}

func (n *number) read(v item) {
	n.keep(v)
	if v.node.Kind != yaml.ScalarNode || v.node.Tag != "!!int" && v.node.Tag != "!!float" {
		v.wanted("a number", "")
		return
	}
	value, err := strconv.ParseFloat(strings.ReplaceAll(v.node.Value, "_", ""), 64)
	if err != nil || value-value != 0 {
		v.wrong("bad-number", "", "%q is not a plain number", v.node.Value)
		return
	}
	n.value, n.sound = value, true
}

// whole reads the number as an integer between least and most, or reports it.
func (n number) whole(least, most int) int {
	i := int(n.value)
	if !n.sound {
		return least
	}
	if float64(i) != n.value || i < least || i > most {
		n.wrong("out-of-range", "", "%s is not a whole number from %d to %d", n.node.Value, least, most)
		return least
	}
	return i
}

// truth is true or false.
type truth struct {
	item
	value bool
}

func (t *truth) read(v item) {
	t.keep(v)
	if v.node.Tag != "!!bool" {
		hint := ""
		if slices.Contains([]string{"yes", "no", "on", "off"}, strings.ToLower(v.node.Value)) {
			hint = "write true or false without quotes"
		}
		v.wanted("true or false", hint)
		return
	}
	t.value = strings.EqualFold(v.node.Value, "true")
}

// yesNo is yes or no; true and false say the same.
type yesNo struct {
	item
	value bool
}

func (y *yesNo) read(v item) {
	y.keep(v)
	switch v.node.Value {
	case "yes", "true":
		y.value = true
	case "no", "false":
	default:
		v.wanted("yes or no", "")
	}
}

// lapse is a length of time: 5s, 10m, 2h, 14d, 2w, 1h30m.
type lapse struct {
	item
	value time.Duration
}

// maxLapse is ten years: nothing a meeting or a lead waits for is longer, and sums of it cannot overflow.
const maxLapse = 10 * 365 * 24 * time.Hour

func (l *lapse) read(v item) {
	l.keep(v)
	if v.node.Kind != yaml.ScalarNode {
		v.wanted("a length of time", "for example 30m")
		return
	}
	d, ok := parseLapse(v.node.Value)
	if !ok {
		v.wrong("bad-duration", "write a number and a unit: 30s, 10m, 2h, 14d, 2w", "%q is not a length of time", v.node.Value)
		return
	}
	l.value = d
}

var lapseUnits = map[byte]time.Duration{
	's': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour,
}

// Lapse is a length of time as flows write it (30s, 10m, 2h, 14d, 2w); ok is false when it is none.
func Lapse(s string) (d time.Duration, ok bool) { return parseLapse(s) }

func parseLapse(s string) (total time.Duration, ok bool) {
	for s != "" {
		digits := 0
		for digits < len(s) && s[digits] >= '0' && s[digits] <= '9' {
			digits++
		}
		if digits == 0 || digits > 9 || digits == len(s) {
			return 0, false
		}
		unit, known := lapseUnits[s[digits]]
		n, err := strconv.Atoi(s[:digits])
		if !known || err != nil || time.Duration(n) > maxLapse/unit {
			return 0, false
		}
		total += time.Duration(n) * unit
		s, ok = s[digits+1:], true
	}
	return total, ok && total <= maxLapse
}

// words is text with expressions: a string in the source language, or a map by language.
type words struct {
	item
	by []wordsIn
}

type wordsIn struct {
	language item // the key; not set for the source language
	word
}

func (w *words) read(v item) {
	w.keep(v)
	if v.node.Kind != yaml.MappingNode {
		var one wordsIn
		one.word.read(v)
		w.by = []wordsIn{one}
		return
	}
	v.pairs(func(key, value item) bool {
		one := wordsIn{language: key}
		one.word.read(value)
		w.by = append(w.by, one)
		return true
	})
	if len(w.by) == 0 {
		v.wrong("missing-value", "", "there is no text here")
	}
}

// formula is the source of a condition.
type formula struct {
	item
	source string
}

func (f *formula) read(v item) {
	f.keep(v)
	if v.node.Kind != yaml.ScalarNode {
		v.wanted("a condition", "put it in quotes")
		return
	}
	f.source = v.node.Value
}

// wordings are several ways to say a thing: one, a list, or a map of these by language.
type wordings struct {
	item
	by []wordingsIn
}

type wordingsIn struct {
	language item // the key; not set for the source language
	list     []word
}

func (w *wordings) read(v item) {
	w.keep(v)
	if v.node.Kind != yaml.MappingNode {
		w.by = []wordingsIn{{list: listOf(v)}}
		return
	}
	v.pairs(func(key, value item) bool {
		w.by = append(w.by, wordingsIn{language: key, list: listOf(value)})
		return true
	})
}

func listOf(v item) (list []word) {
	if v.node.Kind != yaml.SequenceNode {
		var one word
		one.read(v)
		return []word{one}
	}
	v.into(reflectOf(&list))
	return list
}

// table is a map with free keys, in the order written.
type table[T any] struct {
	item
	rows []row[T]
}

type row[T any] struct {
	key   item
	name  string
	value T
}

func (t *table[T]) read(v item) {
	t.keep(v)
	v.pairs(func(key, value item) bool {
		r := row[T]{key: key, name: key.node.Value}
		value.into(reflectOf(&r.value))
		t.rows = append(t.rows, r)
		return true
	})
}

func (t *table[T]) names() []string {
	names := make([]string, 0, len(t.rows))
	for _, r := range t.rows {
		names = append(names, r.name)
	}
	return names
}

// reflectOf is the shape itself, to be read into.
func reflectOf[T any](shape *T) reflect.Value { return reflect.ValueOf(shape).Elem() }

func sortedKeys[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }
