// Package answer owns the reading of what a visitor typed as a typed value, language by language. What cannot be read
// is refused with a reason; nothing is guessed.
//
// What differs between languages (words, sentences, month names, digits) stands in one lexicon file each; what a
// language does not say is read and said in English.
package answer

import (
	"strings"
	"time"
	"unicode/utf8"

	"usher/flows"
)

// Question is what was asked and of whom: all that reading may depend on.
type Question struct {
	Field    *flows.Field
	Language string    // BCP 47
	Country  string    // ISO 3166 code of the visitor, from the zone or the profile; "" = not known
	Now      time.Time // in the visitor's zone: for "next Tuesday"
	Names    *Names    // of the field in the language, where they were made before; nil = they are made when needed
}

// MaxAnswer is the most bytes of an answer that are read: half a frame of the wire, so that a visitor can tell a story
// in any script and no answer costs more than a few microseconds.
const MaxAnswer = 8 << 10

// Read reads text as the value asked for. The error is always a *Refusal.
func Read(q Question, text string) (flows.Value, error) {
	v, refusal := read(&q, text)
	if refusal != nil {
		return flows.Value{}, refusal
	}
	return v, nil
}

func read(q *Question, text string) (flows.Value, *Refusal) {
	switch {
	case q.Field == nil:
		return q.refuse(NotAnOption)
	case len(text) > MaxAnswer:
		return q.refuse(TooLong)
	case !utf8.ValidString(text):
		text = strings.ToValidUTF8(text, "\uFFFD")
	}
	if q.Field.Type == flows.TypeEmail {
		return readEmail(q, text)
	}
	if q.Field.Type == flows.TypeText {
		return readText(q, text)
	}
	plain := fold(text)
	if plain == "" {
		return q.refuse(Empty)
	}
	return readFolded(q, plain)
}

// readFolded reads the types that do not care how a word was typed, only what it says.
func readFolded(q *Question, text string) (flows.Value, *Refusal) {
	switch q.Field.Type {
	case flows.TypeNumber:
		return readNumber(q, text)
	case flows.TypeMoney:
		return readMoney(q, text)
	case flows.TypeChoice:
		return readChoice(q, text)
	case flows.TypeChoices:
		return readChoices(q, text)
	case flows.TypeYesNo, flows.TypeConsent:
		return readYesNo(q, text)
	case flows.TypePhone:
		return readPhone(q, text)
	case flows.TypeDate:
		return readDate(q, text)
	case flows.TypeCountry:
		return readCountry(q, text)
	case flows.TypeURL:
		return readURL(q, text)
	default:
		return readText(q, text)
	}
}

// Choose takes a chosen option (the wire's "value") without reading: a choice's value, several values of choices with
// commas between them, or true/false. For the other types a chosen value is read like typed words.
func Choose(q Question, value string) (flows.Value, error) {
	v, refusal := choose(&q, value)
	if refusal != nil {
		return flows.Value{}, refusal
	}
	return v, nil
}

func choose(q *Question, value string) (flows.Value, *Refusal) {
	if q.Field == nil || len(value) > MaxAnswer {
		return q.refuse(NotAnOption)
	}
	switch q.Field.Type {
	case flows.TypeChoice:
		return chooseOne(q, value)
	case flows.TypeChoices:
		return chooseSeveral(q, value)
	case flows.TypeYesNo, flows.TypeConsent:
		if value == "true" || value == "false" {
			return flows.Value{Type: q.Field.Type, Yes: value == "true"}, nil
		}
	}
	return read(q, value)
}
