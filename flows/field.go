package flows

// Type is what kind of value a field holds.
type Type string

// The types of FLOWS.md.
const (
	TypeText    Type = "text"
	TypeChoice  Type = "choice"
	TypeChoices Type = "choices"
	TypeYesNo   Type = "yesno"
	TypeNumber  Type = "number"
	TypeMoney   Type = "money"
	TypeEmail   Type = "email"
	TypePhone   Type = "phone"
	TypeDate    Type = "date"
	TypeCountry Type = "country"
	TypeURL     Type = "url"
	TypeConsent Type = "consent"
)

// Field is one thing a flow learns.
type Field struct {
	Name     string
	Type     Type
	Label    Text
	From     string   // utm.source, page, referrer …: filled from the visit, never asked
	Options  []Option // choice, choices: in the order written
	Min      *float64 // number and money: least value; text: least length in characters; choices: least count
	Max      *float64
	Whole    bool   // number
	Pattern  string // text: a regular expression (RE2) the whole answer must match
	Unit     string // money: ISO 4217 code, key `currency`
	Work     bool   // email: refuse free-mail and disposable addresses
	Country  string // phone: ISO 3166 code assumed when none is written
	Earliest string // date: key `from`, 2026-12-01, or today, or an offset such as 7d
	Latest   string // date: key `to`
	Wording  *Text  // consent: what is agreed to
	Place    Place
}

// Option is one answer of a choice.
type Option struct {
	Value    string
	Label    Text
	Synonyms map[string][]string // by language
}

// Money is an amount in a currency; Amount is a decimal number as text so that no cent is lost.
type Money struct {
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}
