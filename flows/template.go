package flows

import (
	"embed"
	"io/fs"
	"path"
	"slices"
	"strings"
)

//go:embed template
var templates embed.FS

// Template is a flow to begin with.
type Template struct {
	Name string
	Says string // one line
}

// Templates are all there are, the usual one first.
func Templates() []Template {
	return []Template{
		{"demo", "a demo request: three questions, then a time in a rep's calendar"},
		{"bant", "BANT: budget, authority, need and timing, each a part of the score"},
		{"meddic", "MEDDIC, for large sales: what a rep would ask in the first call"},
		{"event", "follow-up after an event, for the link on the badge or the slide"},
		{"support", "support triage: urgent cases get a person, the others an answer by mail"},
		{"waitlist", "a waiting list, with a talk for those who cannot wait"},
	}
}

// TemplateNames are the names of all templates.
func TemplateNames() (names []string) {
	for _, t := range Templates() {
		names = append(names, t.Name)
	}
	return names
}

// New is what a flow of that name needs to stand in a folder that has the files named: the flow, and of team.yaml, faq.yaml,
// followups.yaml, a story and a calendar what is not there, by the names of the files. The problem says why there can be no such flow.
func New(name, template string, has func(file string) bool) (files map[string]string, problem error) {
	if problem := fileName(name, has); problem != nil {
		return nil, problem
	}
	if !slices.Contains(TemplateNames(), template) {
		return nil, &NewError{"there is no template " + template, "there are: " + strings.Join(TemplateNames(), ", ")}
	}
	named := func(source string) string {
		text := templateFile(template + "/" + source)
		return strings.Replace(text, "\nflow: "+template+"\n", "\nflow: "+name+"\n", 1)
	}
	files = map[string]string{name + ".yaml": named("flow.yaml")}
	if !has(storiesFiles) {
		files[storiesFiles+"/"+name+".yaml"] = named("story.yaml")
	}
	if !has(faqFile + ".yaml") {
		files[faqFile+".yaml"] = templateFile("common/faq.yaml")
	}
	if letters := template + "/" + followupsFile + ".yaml"; !has(followupsFile+".yaml") && templated(letters) {
		files[followupsFile+".yaml"] = templateFile(letters)
	}
	if !has(teamFile + ".yaml") {
		files[teamFile+".yaml"] = templateFile("common/team.yaml")
		if calendar := "calendars/rep.ics"; !has(calendar) {
			files[calendar] = strings.ReplaceAll(templateFile("common/"+calendar), "\n", "\r\n")
		}
	}
	return files, nil
}

// NewError says why no flow of that name can be made.
type NewError struct{ Says, Hint string }

func (e *NewError) Error() string { return e.Says + "; " + e.Hint }

// fileName refuses a name that is no id, means another file, or is taken.
func fileName(name string, has func(string) bool) error {
	switch {
	case !idPattern.MatchString(name):
		return &NewError{"a flow cannot be called " + name, "use a-z, 0-9, _ and -, such as book-a-demo"}
	case slices.Contains([]string{teamFile, faqFile, repliesFile, followupsFile, hooksFile, privacyFile}, name):
		return &NewError{name + ".yaml is no flow", "choose another name, such as " + name + "-flow"}
	case has(name+".yaml") || has(name+".yml"):
		return &NewError{name + ".yaml is there already", "choose another name; nothing was changed"}
	}
	return nil
}

// templated says whether the templates have such a file: not every one has letters.
func templated(name string) bool {
	_, err := fs.Stat(templates, path.Join("template", name))
	return err == nil
}

func templateFile(name string) string {
	data, err := fs.ReadFile(templates, path.Join("template", name))
	if err != nil {
		panic(err) // it is embedded above, and tested
	}
	return string(data)
}
