package flows

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"
)

// splitFiles is a workspace of three flows; more is added to the first.
func splitFiles(more string) fstest.MapFS {
	flow := func(id, more string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("flow: " + id + "\ntitle: T\nsteps:\n  - { id: bye, end: nurture, say: Bye. }\n" + more)}
	}
	return fstest.MapFS{
		"team.yaml": {Data: []byte("timezone: UTC\n")},
		"long.yaml": flow("long", more), "a-short.yaml": flow("short", ""), "other.yaml": flow("other", "split: { other: 1, third: 2 }\n"),
		"third.yaml": flow("third", ""),
	}
}

func TestSplit(t *testing.T) {
	t.Run("a flow gives visitors others by weight", func(t *testing.T) {
		w, problems := Load(splitFiles("split: { long: 50, short: 50 }\n"))
		if w == nil || len(problems) > 0 {
			t.Fatal(problems)
		}
		long := w.Flow("long")
		if got := fmt.Sprintf("%v %v", long.Split[0].Flow, long.Split[1].Weight); got != "long 50" || w.Flow("short").Within != "long" || long.Within != "" {
			t.Errorf("%s, within %q and %q", got, w.Flow("short").Within, long.Within)
		}
		if f := w.Pick(&Scope{Page: "/"}); f.ID != "long" {
			t.Errorf("the default is %s, which is written for a split", f.ID)
		}
	})
	t.Run("what a split cannot be is told at its place", func(t *testing.T) {
		for split, want := range map[string]string{
			"split: { long: 50, shrot: 50 }":        "long.yaml:5:20 unknown-flow",
			"split: { long: 50, short: 0 }":         "long.yaml:5:27 out-of-range",
			"split: { long: 50, short: -1 }":        "long.yaml:5:27 out-of-range",
			"split: { long: 50, short: x }":         "long.yaml:5:27 wrong-type",
			"split: { long: 5, other: 5 }":          "long.yaml:5:19 split-of-split",
			"split: { long: 5 }":                    "long.yaml:5:8 lonely-split",
			"split: {}":                             "long.yaml:5:8 missing-value",
			"split: [long, short]":                  "long.yaml:5:8 wrong-type",
			"split: { long: 5, short: 6, long: 7 }": "long.yaml:5:29 duplicate-key",
		} {
			_, problems := Load(splitFiles(split + "\n"))
			if len(problems) == 0 {
				t.Errorf("%s: nothing is wrong", split)
				continue
			}
			if got := fmt.Sprint(problems[0].Place, " ", problems[0].Rule); got != want {
				t.Errorf("%s: %v", split, problems)
			}
		}
		_, problems := Load(splitFiles("split: { long: 50, shrot: 50 }\n"))
		if !strings.Contains(problems.String(), `did you mean "short"?`) {
			t.Error(problems)
		}
	})
	t.Run("a flow without a split is its own variant", func(t *testing.T) {
		if got := (&Flow{ID: "long"}).Variant("v"); got != "long" {
			t.Error(got)
		}
	})
	t.Run("shares are as the weights say", func(t *testing.T) {
		weights := map[string]float64{"a": 10, "b": 30, "c": 60}
		const visitors = 20_000
		got := map[string]int{}
		for i := range visitors {
			got[splitOf(weights).Variant(fmt.Sprint("visitor ", i))]++
		}
		for flow, weight := range weights {
			share := float64(got[flow]) / visitors
			if sigma := math.Sqrt(weight / 100 * (1 - weight/100) / visitors); math.Abs(share-weight/100) > 5*sigma {
				t.Errorf("%s has %.3f", flow, share)
			}
		}
	})
}

func splitOf(weights map[string]float64) *Flow {
	f := &Flow{ID: "demo"}
	for _, id := range slices.Sorted(maps.Keys(weights)) {
		f.Split = append(f.Split, Variant{Flow: id, Weight: weights[id]})
	}
	return f
}

func TestVariantLaws(t *testing.T) {
	weight := rapid.Float64Range(0.001, 1000)
	weights := rapid.MapOfN(rapid.StringMatching(`[a-z]{1,8}`), weight, 2, MaxVariants)
	visitors := rapid.SliceOfN(rapid.String(), 1, 200)
	t.Run("a visitor gets the same variant in whatever order the flows are written, and at any scale", rapid.MakeCheck(func(t *rapid.T) {
		f, again := splitOf(weights.Draw(t, "weights")), &Flow{ID: "demo"}
		for _, v := range slices.Backward(f.Split) {
			v.Weight *= 64
			again.Split = append(again.Split, v)
		}
		for _, v := range visitors.Draw(t, "visitors") {
			if a, b := f.Variant(v), again.Variant(v); a != b {
				t.Fatalf("%q got %s and %s", v, a, b)
			}
		}
	}))
	t.Run("visitors move only to a weight that grows, and only from one that shrinks", rapid.MakeCheck(func(t *rapid.T) {
		before := weights.Draw(t, "weights")
		changed := rapid.SampledFrom(slices.Sorted(maps.Keys(before))).Draw(t, "changed")
		after := maps.Clone(before)
		after[changed] = weight.Draw(t, "weight")
		if rapid.Bool().Draw(t, "gone") {
			delete(after, changed)
		}
		for _, v := range visitors.Draw(t, "visitors") {
			a, b := splitOf(before).Variant(v), splitOf(after).Variant(v)
			grew := after[changed] > before[changed]
			if a != b && (grew && b != changed || !grew && a != changed) {
				t.Fatalf("%q moved from %s to %s when %s went from %v to %v", v, a, b, changed, before[changed], after[changed])
			}
		}
	}))
}
