package bot_test

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"usher/bot"
)

func TestDifference(t *testing.T) {
	z := bot.Deviations(0.95, 1)
	t.Run("is as Newcombe printed it", func(t *testing.T) {
		for _, c := range []struct {
			k1, n1, k2, n2 int
			want           string
		}{
			{56, 70, 48, 80, "0.0524 0.3339"},
			{9, 10, 3, 10, "0.1705 0.8090"},
			{6, 7, 2, 7, "0.0582 0.8062"},
			{5, 56, 0, 29, "-0.0381 0.1926"},
		} {
			got := bot.Difference(c.k1, c.n1, c.k2, c.n2, z)
			if s := fmt.Sprintf("%.4f %.4f", got.Low, got.High); s != c.want {
				t.Errorf("%+v: %s", c, s)
			}
		}
	})
	t.Run("is everything where nobody was seen", func(t *testing.T) {
		if got := bot.Difference(0, 0, 3, 10, z); got != (bot.Interval{Low: -1, High: 1}) {
			t.Error(got)
		}
		if got := bot.Wilson(0, 0, z); got != (bot.Interval{Low: 0, High: 1}) {
			t.Error(got)
		}
	})
	t.Run("is wider for more comparisons", func(t *testing.T) {
		if one, three := bot.Deviations(0.95, 1), bot.Deviations(0.95, 3); math.Abs(one-1.959964) > 1e-6 || math.Abs(three-2.393980) > 1e-6 {
			t.Error(one, three)
		}
	})
	t.Run("holds the difference that was seen, within -1 and 1, and mirrors when the two are swapped", rapid.MakeCheck(func(t *rapid.T) {
		n1, n2 := rapid.IntRange(1, 5000).Draw(t, "n1"), rapid.IntRange(1, 5000).Draw(t, "n2")
		k1, k2 := rapid.IntRange(0, n1).Draw(t, "k1"), rapid.IntRange(0, n2).Draw(t, "k2")
		d := float64(k1)/float64(n1) - float64(k2)/float64(n2)
		got, mirror := bot.Difference(k1, n1, k2, n2, z), bot.Difference(k2, n2, k1, n1, z)
		const close = 1e-9
		if got.Low > d+close || got.High < d-close || got.Low < -1-close || got.High > 1+close || math.Abs(got.Low+mirror.High) > close {
			t.Fatalf("%v of %v, mirrored %v", got, d, mirror)
		}
	}))
}
