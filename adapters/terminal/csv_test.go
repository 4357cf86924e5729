package terminal

import (
	"bytes"
	"encoding/csv"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestCSV(t *testing.T) {
	t.Run("what begins like a formula is text to a spreadsheet, and numbers stay numbers", func(t *testing.T) {
		for text, want := range map[string]string{
			"=cmd|' /C calc'!A0": "'=cmd|' /C calc'!A0", "+4915112345": "'+4915112345", "-2+3": "'-2+3", "@SUM(A1)": "'@SUM(A1)",
			"\t=1": "'\t=1", "\r=1": "'\r=1", "＝1": "'＝1", "-5": "-5", "-5.25": "-5.25", "12": "12", "a=b": "a=b", "": "", "'s Hertogenbosch": "'s Hertogenbosch",
		} {
			if got := cell(text); got != want {
				t.Errorf("%q is written as %q, not %q", text, got, want)
			}
		}
		for value, want := range map[any]string{
			-5: "-5", int64(7): "7", -0.5: "-0.5", true: "true", nil: "", math.Pi: "3.141592653589793",
			time.Date(2026, 11, 23, 4, 30, 0, 0, time.UTC): "2026-11-23T04:30:00Z", (time.Time{}): "",
		} {
			if got := cell(value); got != want {
				t.Errorf("%v is written as %q, not %q", value, got, want)
			}
		}
	})
	t.Run("every text comes back as it was, through commas, quotes and newlines", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			want := rapid.OneOf(rapid.String(), rapid.StringMatching(`'{0,2}[=+@,;"\n-]{0,3}[0-9a]{0,2}`)).Draw(t, "text")
			if got := unguarded(guarded(want)); got != want {
				t.Fatalf("%q came back as %q", want, got)
			}
			var b bytes.Buffer
			out := newCSV(&b, "a", "b")
			out.row(want, 1)
			if err := out.end(); err != nil {
				t.Fatal(err)
			}
			rows, err := csv.NewReader(&b).ReadAll()
			if err != nil || len(rows) != 2 || len(rows[1]) != 2 {
				t.Fatalf("%q: %v", rows, err)
			}
			if startsFormula(rows[1][0]) && !aNumber.MatchString(rows[1][0]) {
				t.Fatalf("%q would be run", rows[1][0])
			}
		})
	})
}
