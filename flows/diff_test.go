package flows_test

import (
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"usher/flows"
)

// example is the workspace of the example.
var example = sync.OnceValues(func() (*flows.Workspace, flows.Problems) { return flows.Load(flows.Example()) })

// edited is the example with words of its files replaced.
func edited(t testing.TB, file string, replace ...string) *flows.Workspace {
	t.Helper()
	w, problems := example()
	if w == nil {
		t.Fatal(problems)
	}
	if len(replace) == 0 {
		return w
	}
	sources := maps.Clone(w.Sources)
	for i := 0; i < len(replace); i += 2 {
		if !strings.Contains(sources[file], replace[i]) {
			t.Fatalf("%s does not hold %q", file, replace[i])
		}
		sources[file] = strings.ReplaceAll(sources[file], replace[i], replace[i+1])
	}
	w, problems = flows.Load(flows.SourceFS(sources))
	if w == nil {
		t.Fatal(problems)
	}
	return w
}

func TestWhatDiffers(t *testing.T) {
	const flow, team = "book-a-demo.yaml", "team.yaml"
	for _, c := range []struct {
		file, old, new string
		says           []string
	}{
		{flow, "points: 40", "points: 30", []string{"“200 seats or more” brings 30 instead of 40 points"}},
		{flow, "tries: 3", "tries: 2", []string{"`size`: tries 2 instead of 3"}},
		{flow, "      - { if: goal == \"price\", to: prices }\n      - { to: size }", "      - { if: goal == \"price\", to: later }\n      - { if: goal == \"demo\", to: size }\n      - { to: nurture }", []string{
			"from `goal` it goes to `later` instead of `prices` when goal is price",
			"from `goal` it goes to `size` when goal is demo instead of otherwise",
			"from `goal` a way to `nurture` is new: otherwise",
			"`size` is now asked only when goal is demo",
		}},
		{flow, "      - { to: size }\n\n  - id: prices\n", "      - { if: goal == \"demo\", to: size }\n      - { to: nurture }\n\n  - id: prices\n    next: [{ to: nurture }]\n", []string{
			"from `goal` it goes to `size` when goal is demo instead of otherwise",
			"from `goal` a way to `nurture` is new: otherwise",
			"from `prices` it goes to `nurture` instead of `size` otherwise",
			"`size` is now asked only when goal is demo",
		}},
		{flow, "hot: 60", "hot: 70", []string{"`hot` begins at a score of 70 instead of 60"}},
		{flow, "interest: 15", "interest: 20", []string{"the most that part `interest` may bring is 20 instead of 15"}},
		{flow, "How many people will use it?", "How many seats?", []string{"`size` says “How many seats?” instead of “How many people will use it?”"}},
		{flow, "optional: true\n", "tries: 3\n", []string{"`money` is not optional any more"}},
		{flow, "minutes: 30, offer: 3", "minutes: 45, offer: 3, buffer: 5m", []string{"`meet`: book minutes 45 instead of 30", "the meeting of `meet`: buffer 5m instead of 10m"}},
		{flow, "help: Get help }", "help: Get help, job: Get a job }", []string{"option `goal.job` is new: label “Get a job”"}},
		{flow, "    revisit: 90d", "    revisit: 30d", []string{"`later`: end revisit 30d instead of 90d"}},
		{flow, "halves: 14d", "halves: 7d", []string{"“read the price page” halves each 7d instead of 14d"}},
		{flow, "  - { if: visits >= 3, points: 10, because: came back, part: interest }\n", "", []string{"“came back” is gone; it brought 10 points when visits is at least 3"}},
		{flow, `"/product*", "/pricing*"`, `"/pricing*"`, []string{"the flow: show pages /, /pricing* instead of /, /product*, /pricing*"}},
		{team, "if: team_size >= 200, to: enterprise", "if: team_size >= 100, to: enterprise", []string{"leads go to `enterprise` when team size is at least 100 instead of when team size is at least 200"}},
		{team, "within: 5d", "within: 3d", []string{"the route to `enterprise` waits for a time within 3d instead of 5d"}},
		{team, "\"09:30-18:00\"", "\"09:00-18:00\"", []string{"the hours `office`: Mon–Fri 09:00–18:00 instead of Mon–Fri 09:30–18:00"}},
		{team, "weight: 2", "weight: 3", []string{"the rep `asha`: weight 3 instead of 2"}},
		{team, "reps: [ben, cora, asha], assign: fair", "reps: [ben, cora], assign: fair", []string{"the team `sales`: reps ben, cora instead of ben, cora, asha"}},
		{team, "buffer: 10m", "buffer: 20m", []string{"the team file: meeting buffer 20m instead of 10m"}},
		{"followups.yaml", "limit: 2 a week", "limit: 1 a week", []string{"all follow-ups: limit 1 a week instead of 2 a week"}},
		{"followups.yaml", "after: 3d", "after: 2d", []string{"the letter “What a shelf count costs{{ known(company) ? ' at ' + company : '' }}” of the sequence `after-nurture`: after 2d instead of 3d"}},
		{"hooks.yaml", "hubspot:\n", "webhooks: [{ url: https://crm.example/in, secret: \"${CRM}\", events: [lead.*] }]\nhubspot:\n", []string{
			"the webhook `https://crm.example/in` is new: secrets ${CRM}, events lead.*",
		}},
		{"hooks.yaml", "mql: marketingqualifiedlead, ", "", []string{
			"what HubSpot is told: stages sal salesqualifiedlead, sql opportunity, won customer instead of mql marketingqualifiedlead, sal salesqualifiedlead, sql opportunity, won customer",
		}},
		{"hooks.yaml", "numemployees", "company.size", []string{"what HubSpot is told: fields team_size company.size instead of team_size numemployees"}},
		{"faq.yaml", "Yes, 30 days", "Yes, 14 days", []string{"the question “Is there a free trial?” says “Yes, 14 days with everything in it, and no card is needed.” instead of “Yes, 30 days with everything in it, and no card is needed.”"}},
	} {
		t.Run(c.says[0], func(t *testing.T) {
			a, b := edited(t, c.file), edited(t, c.file, c.old, c.new)
			var says []string
			for _, change := range flows.Diff(a, b) {
				says = append(says, change.Says)
				if change.Place.File != "" && change.Place.File != c.file {
					t.Errorf("%+v", change)
				}
			}
			if !slices.Equal(says, c.says) {
				t.Errorf("got  %q\nwant %q", says, c.says)
			}
			if back := flows.Diff(b, a); len(back) == 0 {
				t.Error("and nothing the other way round")
			}
		})
	}
}

func TestWebhooksThatChange(t *testing.T) {
	const one, two = "webhooks:\n  - { url: https://crm.example/in, secret: \"${CRM}\", events: [lead.*] }\n", "  - { url: https://lake.example/in, secret: \"${LAKE}\" }\n"
	with := func(webhooks string) *flows.Workspace {
		return edited(t, "hooks.yaml", "hubspot:\n", webhooks+"hubspot:\n")
	}
	for _, c := range []struct {
		now  string
		says []string
	}{
		{one + two, nil},
		{one, []string{"the webhook `https://lake.example/in` is gone"}},
		{strings.Replace(one, "lead.*", "lead.created, meeting.*", 1) + two, []string{"the webhook `https://crm.example/in`: events lead.created, meeting.* instead of lead.*"}},
		{strings.Replace(one, "\"${CRM}\"", "[\"${NEXT}\", \"${CRM}\"]", 1) + two, []string{"the webhook `https://crm.example/in`: secrets ${NEXT}, ${CRM} instead of ${CRM}"}},
	} {
		var says []string
		for _, change := range flows.Diff(with(one+two), with(c.now)) {
			says = append(says, change.Says)
		}
		if !slices.Equal(says, c.says) {
			t.Errorf("got  %q\nwant %q", says, c.says)
		}
	}
}

func TestAStepThatMovesIsOneChange(t *testing.T) {
	a := edited(t, "book-a-demo.yaml")
	text := a.Sources["book-a-demo.yaml"]
	start, money, fit := strings.Index(text, "  - id: start"), strings.Index(text, "  - id: money"), strings.Index(text, "  - id: fit")
	b := edited(t, "book-a-demo.yaml", text[start:fit], text[money:fit]+text[start:money])
	changes := flows.Diff(a, b)
	if len(changes) != 1 || changes[0].Says != "`start` now stands after `money`" || changes[0].Kind != flows.Moved {
		t.Errorf("%+v", changes)
	}
}

func TestAWorkspaceDoesNotDifferFromItself(t *testing.T) {
	names, err := fs.Glob(flows.Example(), "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	names = slices.DeleteFunc(names, func(name string) bool { return name == "followups.yaml" }) // within a letter a # is text
	rapid.Check(t, func(r *rapid.T) {
		file := rapid.SampledFrom(names).Draw(r, "file")
		w := edited(t, file)
		lines := strings.Split(w.Sources[file], "\n")
		at := rapid.IntRange(0, len(lines)).Draw(r, "line")
		commented := strings.Join(slices.Insert(lines, at, "# a comment"), "\n")
		if changes := flows.Diff(w, edited(t, file, w.Sources[file], commented)); len(changes) > 0 {
			r.Errorf("%+v", changes)
		}
	})
}

func TestConditionsInWords(t *testing.T) {
	for source, want := range map[string]string{
		`goal == "demo" and team_size in 20..199`:       "goal is demo and team size is 20 to 199",
		`goal in ["demo", "price"]`:                     "goal is one of demo, price",
		`known(budget) and budget < 500`:                "budget is known and budget is less than 500",
		`not known(budget)`:                             "not budget is known",
		`visited("/pri*") or open("office")`:            "/pri* was visited or office is open",
		`email endsWith ".edu"`:                         "email ends with .edu",
		`utm.source == "google"`:                        "utm.source is google",
		`goal == "demo" and (visits > 1 or score >= 2)`: "`goal == \"demo\" and (visits > 1 or score >= 2)`",
		`team_size * 2 > 10`:                            "`team_size * 2 > 10`",
		`(budget ?? 0) >= 5`:                            "`(budget ?? 0) >= 5`",
		"this does not parse":                           "`this does not parse`",
	} {
		if got := (&flows.Condition{Source: source}).Words(); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", source, got, want)
		}
	}
}
