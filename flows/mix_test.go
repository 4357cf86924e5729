package flows_test

import (
	"testing"
	"testing/fstest"

	"usher/flows"
)

func TestAMixIsReadAsWritten(t *testing.T) {
	ws, problems := flows.Load(fstest.MapFS{"a.yaml": {Data: []byte(`
flow: a
fields:
  goal: { type: choice, options: [demo, skipped] }
  size: { type: number }
  ok: { type: yesno }
steps:
  - { id: a, ask: goal, say: What? }
  - { id: b, ask: size, optional: true, say: How many? }
  - { id: c, ask: ok, say: Fine? }
  - { id: bye, end: nurture, say: Bye. }
mix:
  goal: { demo: 60, skipped: 40 }
  size: { 1..19: 50, 25: 20, skipped: 30 }
  ok: { true: 100 }
  email: { ada@acme.example: 90, refused: 10 }
  leaves: 2.5
`)}})
	if ws == nil {
		t.Fatal(problems)
	}
	mix := ws.Flows[0].Mix
	if mix == nil || mix.Leaves == nil || *mix.Leaves != 2.5 || len(mix.Fields) != 4 || mix.Field("nope") != nil {
		t.Fatalf("%+v", mix)
	}
	size := mix.Field("size")
	if size.Sum() != 100 || len(size.Shares) != 3 {
		t.Fatalf("%+v", size)
	}
	if s := size.Shares[0]; !s.Range || s.From != 1 || s.To != 19 || s.Percent != 50 || s.Place.Line != 14 {
		t.Errorf("%+v", s)
	}
	if s := size.Shares[1]; !s.Range || s.From != 25 || s.To != 25 {
		t.Errorf("%+v", s)
	}
	if s := size.Shares[2]; s.Range || s.Answer != flows.SkippedAnswer {
		t.Errorf("%+v", s)
	}
	if got := mix.Field("ok").Shares[0].Answer; got != "true" {
		t.Errorf("%q", got)
	}
	var none *flows.Mix
	if none.Field("goal") != nil {
		t.Error("no mix has a field")
	}
}
