package flows

import "slices"

// Check is one rule: a thing that is looked for in every workspace. Its name stands with each finding and after
// `# usher: allow` in a file; docs/checks.md is made of these.
type Check struct {
	Name     string
	Severity Severity // Error stops a publish, Warning does not
	Says     string   // what is found, one sentence
	Why      string   // what it would do to a visitor or a rep
	Broken   string   // a few lines that have it
	Fix      string   // these lines mended, or what to do
}

// Checks are all rules, theme by theme, in the order of docs/checks.md.
func Checks() []Check {
	var all []Check
	for _, theme := range themes {
		all = append(all, theme.checks...)
	}
	return all
}

// CheckNamed is the rule with that name, or nil.
func CheckNamed(name string) *Check {
	for _, theme := range themes {
		if i := slices.IndexFunc(theme.checks, func(c Check) bool { return c.Name == name }); i >= 0 {
			return &theme.checks[i]
		}
	}
	return nil
}

func checkNames() (names []string) {
	for _, c := range Checks() {
		names = append(names, c.Name)
	}
	return names
}

// theme is a chapter of docs/checks.md.
type theme struct {
	title  string
	checks []Check
}

var themes = []theme{
	{"Ways through a flow", wayChecks},
	{"What is known, and when", knowledgeChecks},
	{"Score and grades", scoreChecks},
	{"Words", wordChecks},
	{"Splits", splitChecks},
	{"People and hours", peopleChecks},
	{"Names", nameChecks},
	{"Conditions", conditionChecks},
	{"Values", valueChecks},
	{"Calendars and secrets", calendarChecks},
	{"Trials", trialChecks},
	{"Files", fileChecks},
	{"Allowing a finding", allowChecks},
}
