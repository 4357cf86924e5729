package flows

// Value is one answer as read: the member that goes with Type is set and the rest are zero, so that a value can be
// compared with ==-like care, copied freely and written to JSON without losing its type.
//
//	text, choice, email, phone (E.164), date (2026-12-01), country (ISO 3166), url  → Text
//	number → Number; money → Number and Currency, with the exact amount in Text
//	yesno, consent → Yes; choices → List
type Value struct {
	Type     Type     `json:"type"`
	Text     string   `json:"text,omitempty"`
	Number   float64  `json:"number,omitempty"`
	Currency string   `json:"currency,omitempty"`
	Yes      bool     `json:"yes,omitempty"`
	List     []string `json:"list,omitempty"`
}

// Known says whether the value was given at all.
func (v Value) Known() bool { return v.Type != "" }

// Plain is the value as `usher read` and conditions see it: string, float64, bool, []string or Money.
func (v Value) Plain() any {
	switch v.Type {
	case TypeNumber:
		return v.Number
	case TypeMoney:
		return Money{Amount: v.Text, Currency: v.Currency}
	case TypeYesNo, TypeConsent:
		return v.Yes
	case TypeChoices:
		return v.List
	case "":
		return nil
	default:
		return v.Text
	}
}
