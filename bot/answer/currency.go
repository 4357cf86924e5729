package answer

import (
	"slices"
	"strings"

	"golang.org/x/text/currency"
	"golang.org/x/text/language"
)

// signs are the currency signs by ISO code, or by the family that shares them.
var signs = map[string]string{
	"$": "dollar", "€": "EUR", "£": "GBP", "₹": "INR", "¥": "yen", "৳": "BDT", "₩": "KRW", "₽": "RUB", "₺": "TRY",
	"₪": "ILS", "₦": "NGN", "₫": "VND", "฿": "THB", "₴": "UAH", "₱": "PHP", "﷼": "IRR", "₨": "rupee", "₵": "GHS",
}

// prefixes are the letters before a dollar sign that say whose it is.
var prefixes = map[string]string{
	"us": "USD", "a": "AUD", "au": "AUD", "c": "CAD", "ca": "CAD", "nz": "NZD", "hk": "HKD", "s": "SGD", "sg": "SGD",
	"r": "BRL", "mx": "MXN", "nt": "TWD",
}

// families are the currencies that share a sign or a word, each with the one that is meant when neither the field nor
// the visitor's country says so.
var families = map[string][]string{
	"dollar": {"USD", "AUD", "CAD", "NZD", "SGD", "HKD", "TWD", "JMD", "NAD"},
	"rupee":  {"INR", "PKR", "LKR", "NPR", "MUR"},
	"pound":  {"GBP", "EGP"},
	"yen":    {"JPY", "CNY"},
	"rial":   {"IRR", "OMR", "QAR", "YER"},
	"franc":  {"CHF", "XOF", "XAF"},
	"krona":  {"SEK", "ISK"},
	"krone":  {"NOK", "DKK"},
	"dinar":  {"KWD", "BHD", "JOD", "RSD", "IQD"},
	"peso":   {"MXN", "ARS", "CLP", "COP", "PHP"},
	"dirham": {"AED", "MAD"},
}

// member is the currency of a family that the field or the country means.
func (q *Question) member(of string) string {
	family := families[of]
	if family == nil {
		return of
	}
	if unit := q.unit(); slices.Contains(family, unit) {
		return unit
	}
	return family[0]
}

// unit is the currency of an amount that names none: the field's, else that of the visitor's country.
func (q *Question) unit() string {
	if q.Field.Unit != "" {
		return q.Field.Unit
	}
	region, err := language.ParseRegion(q.Country)
	if err != nil {
		return ""
	}
	if unit, ok := currency.FromRegion(region); ok {
		return unit.String()
	}
	return ""
}

// isoCode is the currency that a word of three letters is the code of. Common codes count in any case; the rest, which
// may be words ("all", "top"), only in capitals.
func isoCode(t token) string {
	if len(t.raw) != 3 || t.kind != word {
		return ""
	}
	code := strings.ToUpper(t.raw)
	if t.raw != code && !commonCodes[t.text] {
		return ""
	}
	if _, err := currency.ParseISO(code); err != nil {
		return ""
	}
	return code
}

var commonCodes = set("usd eur gbp inr bdt aud cad nzd sgd hkd aed sar jpy cny krw chf sek nok dkk pln brl mxn zar pkr irr thb php idr myr")

// symbols are how amounts are shown; a currency without one is shown by its code.
var symbols = map[string]string{
	"USD": "$", "EUR": "€", "GBP": "£", "INR": "₹", "JPY": "¥", "BDT": "৳", "AUD": "A$", "CAD": "CA$", "NZD": "NZ$",
	"HKD": "HK$", "BRL": "R$", "MXN": "MX$", "TWD": "NT$", "KRW": "₩", "ILS": "₪", "VND": "₫", "NGN": "₦", "PHP": "₱",
	"SGD": "SG$", "UAH": "₴", "TRY": "₺",
}

// lakhs are the currencies that are written 12,00,000.
var lakhs = map[string]bool{"INR": true, "BDT": true, "PKR": true, "NPR": true, "LKR": true}
