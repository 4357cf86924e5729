package answer

import (
	"strings"

	"usher/flows"
)

// Refusal says why words could not be read as the value asked for: a stable code and a friendly sentence.
type Refusal struct {
	Code string `json:"error"` // not_a_number, too_small, free_mail …
	Say  string `json:"say"`   // in the question's language
}

// Error is the code: the sentence is for the visitor.
func (r *Refusal) Error() string { return r.Code }

// The codes of refusals.
const (
	Empty         = "empty"
	TooLong       = "too_long"
	TooShort      = "too_short"
	WrongForm     = "wrong_form" // text: not the pattern asked for
	NotANumber    = "not_a_number"
	NotWhole      = "not_whole"
	TooSmall      = "too_small"
	TooLarge      = "too_large"
	Range         = "range" // several amounts where one is wanted: 50 to 100
	Ambiguous     = "ambiguous"
	NotAnAmount   = "not_an_amount"
	NotAnEmail    = "not_an_email"
	FreeMail      = "free_mail"
	Disposable    = "disposable"
	Typo          = "typo" // an address at a slip of a well-known domain
	NotAPhone     = "not_a_phone"
	NoCountryCode = "no_country_code" // phone: the country cannot be told
	NotADate      = "not_a_date"
	TooVague      = "too_vague" // date: "next month"
	TooEarly      = "too_early"
	TooLate       = "too_late"
	NotAnOption   = "not_an_option"
	TooFew        = "too_few"
	TooMany       = "too_many"
	NotACountry   = "not_a_country"
	NotAURL       = "not_a_url"
	NotYesOrNo    = "not_yes_or_no"
)

// refuse makes the refusal in the question's language. Each {} in the sentence is replaced by the next argument.
func (q *Question) refuse(code string, args ...string) (flows.Value, *Refusal) {
	return flows.Value{}, &Refusal{Code: code, Say: q.sentence(code, args)}
}

// sentence is what a lexicon says to the code for the type of the field, or for any type, or in English.
func (q *Question) sentence(code string, args []string) string {
	var of string
	if q.Field != nil {
		of = code + "/" + string(q.Field.Type)
	}
	for _, l := range []*lexicon{lexiconOf(q.Language), &english} {
		for _, key := range []string{of, code} {
			if say := l.refusals[key]; say != "" {
				return filled(say, args)
			}
		}
	}
	return code
}

func filled(say string, args []string) string {
	for _, arg := range args {
		say = strings.Replace(say, "{}", arg, 1)
	}
	return say
}
