package answer

import (
	"math"
	"strconv"
	"strings"
)

// decimal is an exact number: n / 10^scale. No cent is lost between what was typed and what is stored.
type decimal struct {
	n     int64
	scale int
}

// Bounds of a decimal: what a float64 holds exactly, and more places than any amount has.
const (
	maxDecimal = 1e15
	maxScale   = 12
)

func whole(n int64) decimal { return decimal{n: n} }

func (d decimal) times(n int64) (decimal, bool) {
	for d.scale > 0 && n%10 == 0 && n != 0 { // half a million is whole
		n, d.scale = n/10, d.scale-1
	}
	if n != 0 && (d.n > maxDecimal/n || d.n < -maxDecimal/n) {
		return decimal{}, false
	}
	return decimal{n: d.n * n, scale: d.scale}, true
}

func (d decimal) plus(o decimal) (decimal, bool) {
	scale := max(d.scale, o.scale)
	a, ok := d.at(scale)
	b, fine := o.at(scale)
	if !ok || !fine || a+b > maxDecimal {
		return decimal{}, false
	}
	return decimal{n: a + b, scale: scale}, true
}

// at is n at a larger scale.
func (d decimal) at(scale int) (n int64, ok bool) {
	n = d.n
	for range scale - d.scale {
		if n > maxDecimal/10 {
			return 0, false
		}
		n *= 10
	}
	return n, true
}

// short is the same number without zeros at the end of its places.
func (d decimal) short() decimal {
	for d.scale > 0 && d.n%10 == 0 {
		d.n, d.scale = d.n/10, d.scale-1
	}
	return d
}

// float is the nearest float64: both parts are exact, so that one division rounds once.
func (d decimal) float() float64 { return float64(d.n) / math.Pow10(d.scale) }

func (d decimal) isWhole() bool { return d.short().scale == 0 }

// text is the number with a point and at least so many places, if it has any: 1200.50.
func (d decimal) text(places int) string {
	d = d.short()
	if d.scale == 0 {
		return strconv.FormatInt(d.n, 10)
	}
	sign, n := "", d.n
	if n < 0 {
		sign, n = "-", -n
	}
	digits := strconv.FormatInt(n, 10)
	if pad := d.scale + 1 - len(digits); pad > 0 {
		digits = strings.Repeat("0", pad) + digits
	}
	cut := len(digits) - d.scale
	return sign + digits[:cut] + "." + digits[cut:] + strings.Repeat("0", max(0, places-d.scale))
}
