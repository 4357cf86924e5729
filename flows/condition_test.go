package flows

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
	"go.yaml.in/yaml/v4"
	"pgregory.net/rapid"
)

// world is a vocabulary with one field of each type.
func world() *vocabulary {
	v := &vocabulary{fields: map[string]*Field{}, clash: map[string]string{}, roster: &Roster{Hours: map[string]*Hours{}, Location: time.UTC}}
	for name, typ := range map[string]Type{
		"goal": TypeChoice, "topics": TypeChoices, "team_size": TypeNumber, "budget": TypeMoney, "email": TypeEmail,
		"name": TypeText, "urgent": TypeYesNo, "day": TypeDate, "country": TypeCountry, "company": TypeText,
	} {
		v.fields[name] = &Field{Name: name, Type: typ}
	}
	v.fields["goal"].Options = []Option{{Value: "demo"}, {Value: "price"}, {Value: "help"}}
	v.fields["topics"].Options = []Option{{Value: "a"}, {Value: "b"}}
	v.parts = []string{"need"}
	v.grades = []string{"hot", "cold"}
	v.roster.Hours["office"] = &Hours{Name: "office", Week: [7][]Span{1: {{540, 1020}}}}
	v.roster.Holidays = []Date{{2026, time.December, 21}}
	return v
}

// conditionOf checks a condition that stands alone in a file.
func conditionOf(v *vocabulary, source string) (*Condition, Problems) {
	var problems Problems
	f := newFile("test.yaml", source, &problems)
	node := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: source, Line: 1, Column: 1}
	c := v.condition(formula{item{f, node}, source})
	return c, problems
}

func known() *Scope {
	return &Scope{
		Values: map[string]Value{
			"goal": {Type: TypeChoice, Text: "demo"}, "topics": {Type: TypeChoices, List: []string{"a"}},
			"team_size": {Type: TypeNumber, Number: 250}, "budget": {Type: TypeMoney, Number: 5000, Text: "5000", Currency: "USD"},
			"email": {Type: TypeEmail, Text: "priya@bigco.example"}, "name": {Type: TypeText, Text: "Priya"},
			"urgent": {Type: TypeYesNo, Yes: true}, "day": {Type: TypeDate, Text: "2026-12-01"},
			"country": {Type: TypeCountry, Text: "IN"},
		},
		Score: 60, Grade: "hot", Parts: map[string]float64{"need": 40}, Booked: true, Visits: 2,
		Rep: &Rep{ID: "asha", Name: "Asha Rao"}, Meeting: &MeetingScope{Starts: "Monday at 12:00", Minutes: 30},
		Language: "en", Channel: "web", Page: "/pricing/teams", Pages: []string{"/", "/docs"}, UTM: map[string]string{"source": "google"},
		Now: time.Date(2026, 11, 23, 10, 30, 0, 0, time.UTC),
	}
}

func TestConditions(t *testing.T) {
	for source, want := range map[string]bool{
		`team_size >= 200`: true, `team_size in 20..199`: false, `team_size in 20..250`: true, `team_size not in 20..199`: true,
		`budget >= 5000 and budget < 5000.5`: true, `budget * 12 > 59999`: true, `-budget < 0`: true, `1 < team_size < 300`: true,
		`goal == "demo"`: true, `goal != "help"`: true, `goal in ["help", "demo"]`: true, `goal not in ["help"]`: true,
		`"a" in topics`: true, `topics contains "b"`: false, `email endsWith ".example"`: true, `email matches "^p.*@bigco"`: true,
		`name startsWith "P" and name contains "iy"`: true, `urgent`: true, `not urgent`: false, `urgent == true`: true,
		`day >= "2026-11-30"`: true, `country in ["IN", "BD"]`: true, `score > 50 and grade == "hot"`: true, `part.need == 40`: true,
		`booked and not joined`: true, `visits >= 2`: true, `hour == 10 and weekday == "mon"`: true, `utm.source == "google"`: true,
		`utm.medium == "cpc"`: false, `rep.first_name == "Asha"`: true, `known(rep) and known(meeting)`: true, `meeting.minutes == 30`: true,
		`visited("/pri*") and visited("/docs")`: true, `visited("/blog*")`: false, `open("office")`: true, `known(company)`: false,
		`(company ?? "none") == "none"`: true, `(known(company) ? 1 : 2) == 2`: true, `language == "en" and channel == "web"`: true,
		`team_size / 0 > 1`: false, `name + "!" == "Priya!"`: true, `true or goal == "help"`: true, `known(owner)`: false,
	} {
		c, problems := conditionOf(world(), source)
		if len(problems) > 0 {
			t.Errorf("%s: %v", source, problems)
			continue
		}
		if got, err := c.Holds(known()); got != want || err != nil {
			t.Errorf("%s is %v (%v), want %v", source, got, err, want)
		}
	}
}

func TestAComparisonWithWhatIsNotKnownIsFalse(t *testing.T) {
	for source, want := range map[string]bool{
		`budget < 500`: false, `budget >= 500`: false, `budget == 0`: false, `budget != 500`: false, `budget in 0..9`: false,
		`budget not in 0..9`: false, `not (budget < 500)`: true, `budget * 2 < 500`: false, `budget + team_size < 500`: false,
		`500 > budget`: false, `country not in ["IN"]`: false, `not (country in ["IN"])`: true, `name not contains "x"`: false,
		`email matches "."`: false, `"a" in topics`: false, `"a" not in topics`: false, `urgent`: false, `not urgent`: true,
		`urgent == false`: false, `day < "2030-01-01"`: false, `name == company`: false, `name != company`: false,
		`(budget ?? 0) < 500`: true, `known(budget) and budget < 500`: false, `(known(budget) ? budget : 7) == 7`: true,
		`utm.source != "google"`: false, `rep.name == "x"`: false, `(urgent ?? true)`: true, `team_size > budget`: false,
		`name < "z"`: false, `page == "/"`: false, `owner != "asha"`: false, `hour < 24`: false, `score == 0`: true,
	} {
		v := world()
		v.roster.Reps = []*Rep{{ID: "asha"}}
		c, problems := conditionOf(v, source)
		if len(problems) > 0 {
			t.Errorf("%s: %v", source, problems)
			continue
		}
		if got, _ := c.Holds(&Scope{}); got != want {
			t.Errorf("%s is %v without an answer, want %v", source, got, want)
		}
	}
}

func TestConditionsThatAreRefused(t *testing.T) {
	for source, want := range map[string]string{
		`team_siz > 1`:                      "test.yaml:1:1: error: there is no field or name team_siz (did you mean \"team_size\"?)",
		`goal == "dem"`:                     `1:9: error: goal is never "dem" (did you mean "demo"?)`,
		`goal in ["demo", "hlep"]`:          `1:18: error: goal is never "hlep" (did you mean "help"?)`,
		`"c" in topics`:                     `1:1: error: topics is never "c"`,
		`grade == "hott"`:                   `(did you mean "hot"?)`,
		`weekday == "monday"`:               `weekday is never "monday"`,
		`team_size == "big"`:                "cannot be compared",
		`goal > 5`:                          "cannot be compared",
		`team_size`:                         "a condition is true or false, team_size is a number",
		`team_size and urgent`:              "and wants true or false on both sides",
		`not team_size`:                     "not wants true or false",
		`goal < "demo"`:                     "goal has no order",
		`team_size + "x" == "x"`:            "+ wants two numbers or two texts",
		`team_size * goal > 1`:              "* wants numbers, goal is a text",
		`-name == 1`:                        "- wants a number",
		`team_size = 3`:                     "write == to compare",
		`urgent && urgent`:                  "write and",
		`urgent || urgent`:                  "write or",
		`!urgent`:                           "write not",
		`name | upper()`:                    "| is not part of the language",
		`let x = 1; x > 0`:                  "let is not part of the language",
		`any(topics, # == "a")`:             "# is not part of the language",
		`{"a": 1}.a == 1`:                   "{ is not part of the language",
		`if urgent { true } else { false }`: "if is not part of the language",
		`len(name) > 3`:                     "there is no function len",
		`visitd("/x")`:                      `did you mean "visited"?`,
		`visited(name)`:                     "visited takes a path in quotes",
		`visited("pricing")`:                "a path begins with /",
		`visited("/a", "/b")`:               "visited takes one thing between the brackets, not 2",
		`open("offic")`:                     `did you mean "office"?`,
		`known(3)`:                          "write known(field)",
		`known(nam)`:                        `did you mean "name"?`,
		`budget == nil`:                     "ask known(field)",
		`name matches "("`:                  "not a regular expression",
		`name matches name`:                 "fixed regular expression",
		`day > "tomorrow"`:                  "is not a date",
		`country == "India"`:                "not the code of a country",
		`team_size in 9..1`:                 "no number is in 9..1",
		`team_size in []`:                   "the list is empty",
		`team_size in [1, goal]`:            "a list holds fixed values",
		`team_size in name`:                 "after in stands",
		`1..3 == 2`:                         "a range stands only after in",
		`["a"] == name`:                     "a list stands only after in",
		`rep == "asha"`:                     "write rep.NAME",
		`rep.nam == "asha"`:                 `did you mean "name"?`,
		`part.needs > 1`:                    `did you mean "need"?`,
		`name.first == "x"`:                 "name has no parts",
		`name[0] == "x"`:                    "not part of the language",
		`topics == topics`:                  "lists of choices cannot be compared",
		`(urgent ? 1 : "x") == 1`:           "both sides are of one type",
		`team_size ? true : false`:          "before ? stands what is true or false",
		`team_size >`:                       "cannot be read",
		`(team_size > 1`:                    "cannot be read",
		`"abc`:                              "cannot be read",
		`2 ** 3 == 8`:                       "** is not part of the language",
		`name?.x == 1`:                      "?. is not part of the language",
	} {
		_, problems := conditionOf(world(), source)
		if len(problems) == 0 || !strings.Contains(problems.String(), want) {
			t.Errorf("%s gives %v, want %q", source, problems, want)
		}
	}
}

func TestExpressionsAreBounded(t *testing.T) {
	for _, source := range []string{
		strings.Repeat("(", 5000) + "true" + strings.Repeat(")", 5000),
		"team_size in [" + strings.Repeat("1,", 250) + "1]",
		strings.Repeat("not ", 300) + "urgent",
	} {
		if _, problems := conditionOf(world(), source); len(problems) != 1 || problems[0].Rule != "too-large" {
			t.Errorf("%.20s…: %v", source, problems)
		}
	}
}

func TestAScoreRuleCannotNameTheScore(t *testing.T) {
	for _, source := range []string{"score > 1", `grade == "hot"`, "part.need > 1"} {
		v := world()
		v.rating = true
		if _, problems := conditionOf(v, source); len(problems) != 1 || problems[0].Rule != "circular-score" {
			t.Errorf("%s: %v", source, problems)
		}
	}
}

func TestAConditionKnowsItsFieldsAndPages(t *testing.T) {
	c, _ := conditionOf(world(), `known(budget) and budget > 1 and visited("/p*") and name == "x"`)
	if got := fmt.Sprint(c.Fields, c.Visited); got != "[budget name] [/p*]" {
		t.Error(got)
	}
}

// TestKnownValuesMeanWhatExprMeans: with every value known, a condition is what expr makes of the same words.
func TestKnownValuesMeanWhatExprMeans(t *testing.T) {
	atoms := rapid.SampledFrom([]string{
		"team_size >= 200", "team_size in 20..199", "team_size not in 20..199", "budget + team_size * 2 < 6000", `goal == "demo"`,
		`goal != "demo"`, `goal in ["help", "price"]`, `goal not in ["help"]`, `name contains "i"`, `name not contains "i"`,
		`email endsWith ".example"`, `email matches "^[a-z]+@"`, "urgent", `"a" in topics`, `(name ?? "x") == "Priya"`,
		`(urgent ? team_size : budget) > 300`, `day >= "2026-11-30"`, "1 < team_size < 300", "-budget / 2 < 0",
	})
	var sentence func(depth int) *rapid.Generator[string]
	sentence = func(depth int) *rapid.Generator[string] {
		if depth == 0 {
			return atoms
		}
		return rapid.Custom(func(t *rapid.T) string {
			l, r := sentence(depth-1).Draw(t, "l"), sentence(depth-1).Draw(t, "r")
			return fmt.Sprintf(rapid.SampledFrom([]string{"%s and %s", "(%s) or (%s)", "not (%s) and %s", "((%s) ? (%s) : false)"}).Draw(t, "form"), l, r)
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		source := sentence(2).Draw(t, "condition")
		size, money := rapid.IntRange(0, 400).Draw(t, "size"), rapid.IntRange(0, 9000).Draw(t, "budget")
		goal := rapid.SampledFrom([]string{"demo", "price", "help"}).Draw(t, "goal")
		urgent := rapid.Bool().Draw(t, "urgent")
		s := known()
		s.Values["team_size"] = Value{Type: TypeNumber, Number: float64(size)}
		s.Values["budget"] = Value{Type: TypeMoney, Number: float64(money)}
		s.Values["goal"] = Value{Type: TypeChoice, Text: goal}
		s.Values["urgent"] = Value{Type: TypeYesNo, Yes: urgent}
		want, err := expr.Eval(source, map[string]any{
			"team_size": size, "budget": float64(money), "goal": goal, "urgent": urgent, "name": "Priya",
			"email": "priya@bigco.example", "topics": []string{"a"}, "day": "2026-12-01",
		})
		if err != nil {
			t.Fatal(err)
		}
		c, problems := conditionOf(world(), source)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		if got, _ := c.Holds(s); got != want {
			t.Fatalf("%s is %v, expr says %v", source, got, want)
		}
	})
}

func FuzzCondition(f *testing.F) {
	for _, s := range []string{`team_size >= 200`, `a.b[0]`, `not in`, `{{`, `"\u{0}"`, `1..`, `x ?? y ? z : "`, `known(`, `-"a"`} {
		f.Add(s)
	}
	scopes := []*Scope{{}, known()}
	f.Fuzz(func(t *testing.T, source string) {
		c, problems := conditionOf(world(), source)
		for _, p := range problems {
			if p.Line < 1 || p.Col < 1 || p.Message == "" || p.Rule == "" {
				t.Errorf("a problem without a place or words: %+v", p)
			}
		}
		for _, s := range scopes {
			if _, err := c.Holds(s); err != nil {
				t.Error(err)
			}
		}
	})
}

const benchmarked = `team_size >= 200 and goal == "demo" and country in ["IN", "BD"]`

// BenchmarkCondition reports beside its own time how often expr's own time it is: the same words, compiled by expr and
// run with a reused VM. The figure to keep is at most 1.3.
func BenchmarkCondition(b *testing.B) {
	c, _ := conditionOf(world(), benchmarked)
	s := known()
	b.ReportAllocs()
	for b.Loop() {
		if holds, err := c.Holds(s); !holds || err != nil {
			b.Fatal(holds, err)
		}
	}
	b.StopTimer()
	own := b.Elapsed()
	run := bareExpr(b)
	began := time.Now()
	for range b.N {
		run()
	}
	b.ReportMetric(float64(own)/float64(time.Since(began)), "x-bare-expr")
}

func BenchmarkConditionBareExpr(b *testing.B) {
	run := bareExpr(b)
	b.ReportAllocs()
	for b.Loop() {
		run()
	}
}

// bareExpr is the condition as expr alone evaluates it.
func bareExpr(b *testing.B) (run func()) {
	env := map[string]any{"team_size": 250.0, "goal": "demo", "country": "IN"}
	program, err := expr.Compile(benchmarked, expr.Env(env), expr.AsBool())
	if err != nil {
		b.Fatal(err)
	}
	machine := vm.VM{}
	return func() {
		if out, err := machine.Run(program, env); out != true || err != nil {
			b.Fatal(out, err)
		}
	}
}

func BenchmarkText(b *testing.B) {
	pieces, problems := textOf(world(), `Hi{{ known(name) ? ", " + name : "" }}! Size {{ team_size }}.`)
	if len(problems) > 0 {
		b.Fatal(problems)
	}
	text := Text{by: []textIn{{language: "en", pieces: pieces}}}
	s := known()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := text.In("en", s); err != nil {
			b.Fatal(err)
		}
	}
}

// textOf checks a text that stands alone in a file.
func textOf(v *vocabulary, source string) ([]piece, Problems) {
	var problems Problems
	f := newFile("test.yaml", source, &problems)
	node := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: source, Line: 1, Column: 1}
	return tongue{v, []string{"en"}}.pieces(word{item{f, node}, source}), problems
}

func TestATeamWithoutHoursKeepsItsReps(t *testing.T) {
	v := world()
	office := v.roster.Hours["office"] // Monday 9:00 to 17:00; it is Monday 10:30 in UTC
	rep := func(zone string) *Rep {
		l, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		return &Rep{ID: zone, Hours: office, Location: l}
	}
	v.roster.Teams = []*Team{
		{ID: "east", Reps: []*Rep{rep("America/New_York"), rep("Asia/Kolkata")}},
		{ID: "west", Reps: []*Rep{rep("America/New_York")}},
		{ID: "nobody"},
	}
	for source, want := range map[string]bool{`open("east")`: true, `open("west")`: false, `open("nobody")`: false} {
		c, problems := conditionOf(v, source)
		if len(problems) > 0 {
			t.Errorf("%s: %v", source, problems)
			continue
		}
		if got, err := c.Holds(known()); err != nil || got != want {
			t.Errorf("%s is %v, %v", source, got, err)
		}
	}
}
