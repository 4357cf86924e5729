package answer

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"usher/flows"
)

// monday is when the tests take place: a Monday morning, so that every weekday lies ahead.
var aMonday = time.Date(2026, time.November, 23, 10, 0, 0, 0, time.UTC)

// says is one line of the language's specification: what is typed, and the value it is read as or "!" and the code it
// is refused with.
type says struct{ typed, want string }

// spec reads each line as an answer to the field, in English unless the question says otherwise.
func spec(t *testing.T, q Question, lines []says) {
	t.Helper()
	if q.Language == "" {
		q.Language = "en"
	}
	if q.Now.IsZero() {
		q.Now = aMonday
	}
	for _, line := range lines {
		t.Run(line.typed, func(t *testing.T) {
			if got := outcome(Read(q, line.typed)); got != line.want {
				t.Errorf("%q is read as %s, want %s", line.typed, got, line.want)
			}
		})
	}
}

// outcome writes a value or a refusal as the specification does.
func outcome(v flows.Value, err error) string {
	if err == nil {
		return plain(v)
	}
	refusal := (*Refusal)(nil)
	if !errors.As(err, &refusal) {
		return "an error that is no refusal: " + err.Error()
	}
	if refusal.Say == "" || refusal.Say == refusal.Code {
		return "!" + refusal.Code + " without a sentence"
	}
	return "!" + refusal.Code
}

func plain(v flows.Value) string {
	switch v.Type {
	case flows.TypeNumber:
		return fmt.Sprintf("%.15g", v.Number)
	case flows.TypeMoney:
		return v.Text + " " + v.Currency
	default:
		return fmt.Sprint(v.Plain())
	}
}

func field(t flows.Type) *flows.Field { return &flows.Field{Name: "it", Type: t} }

func at(n float64) *float64 { return &n }

// loaded is a field as an author writes it, with labels and synonyms.
func loaded(tb testing.TB, yaml string) *flows.Field {
	tb.Helper()
	w, problems := flows.Load(flows.SourceFS(map[string]string{
		"flow.yaml": "flow: f\ntitle: F\nlanguages: [en, hi]\nfields:\n  it: " + yaml + "\nsteps:\n  - { id: a, ask: it, say: What? }\n  - { id: b, end: nurture, say: Bye }\n",
		"team.yaml": "timezone: UTC\nhours: { office: { mon-fri: \"09:00-17:00\" } }\nreps: [{ id: ann, name: Ann, email: ann@acme.example, timezone: UTC, hours: office }]\nteams: [{ id: all, reps: [ann], assign: fair }]\nroutes: [{ to: all }]\n",
	}))
	if w == nil {
		tb.Fatal(problems)
	}
	return w.Flows[0].Field("it")
}
