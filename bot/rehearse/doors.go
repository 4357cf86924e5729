package rehearse

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"usher/bot/answer"
	"usher/flows"
)

// door is one way to come to a flow: when, from where, over which pages.
type door struct {
	now   time.Time
	visit flows.Visit
	more  []string // pages opened after the first
}

// MaxDoors is how many ways to come are tried together. Where the things that a flow asks about a visit have more
// combinations, each is tried alone, and the exploration is bounded.
const MaxDoors = 256

// doors are the ways to come that can make a difference: each side of every condition on the visit and the hour, in
// every combination. all is false where there were too many combinations.
func doors(w *flows.Workspace, f *flows.Flow, mentions []flows.Mention, now time.Time) (ways []door, all bool) {
	a := doorman{w: w, f: f, mentions: mentions}
	base := door{now: a.begin(now), visit: flows.Visit{Page: "/", Language: sourceLanguage(f)}}
	if w.Roster != nil {
		base.visit.Timezone = w.Roster.Timezone
	}
	dimensions := [][]func(*door){a.times(base.now), a.pages(), a.visits(), a.owners(), a.languages(), a.channels(), a.referrers()}
	dimensions = append(dimensions, a.campaigns()...)
	count := 1
	for _, d := range dimensions {
		count *= max(1, len(d))
		if count > MaxDoors {
			return alone(base, dimensions), false
		}
	}
	ways = []door{base}
	for _, d := range dimensions {
		ways = crossed(ways, d)
	}
	return ways, true
}

// crossed is every way with every change.
func crossed(ways []door, changes []func(*door)) (out []door) {
	if len(changes) == 0 {
		return ways
	}
	for _, way := range ways {
		for _, change := range changes {
			out = append(out, entered(way, change))
		}
	}
	return out
}

func entered(way door, change func(*door)) door {
	utm := map[string]string{}
	for k, v := range way.visit.UTM {
		utm[k] = v
	}
	way.visit.UTM, way.more = utm, slices.Clone(way.more)
	change(&way)
	if len(way.visit.UTM) == 0 {
		way.visit.UTM = nil
	}
	return way
}

// alone is every change alone, as many as may be tried.
func alone(base door, dimensions [][]func(*door)) []door {
	ways := []door{base}
	for _, d := range dimensions {
		for _, change := range d {
			if len(ways) < MaxDoors {
				ways = append(ways, entered(base, change))
			}
		}
	}
	return ways
}

// doorman makes the changes for each thing that is asked of a visit.
type doorman struct {
	w        *flows.Workspace
	f        *flows.Flow
	mentions []flows.Mention
}

// begin is ten in the morning of the next Monday, where the workspace is.
func (a doorman) begin(now time.Time) time.Time {
	zone := time.UTC
	if a.w.Roster != nil && a.w.Roster.Location != nil {
		zone = a.w.Roster.Location
	}
	now = now.In(zone)
	ahead := (8 - int(now.Weekday())) % 7
	return time.Date(now.Year(), now.Month(), now.Day()+ahead, 10, 0, 0, 0, zone)
}

// named are the mentions of a name.
func (a doorman) named(names ...string) (some []flows.Mention) {
	for _, m := range a.mentions {
		if slices.Contains(names, m.Name) {
			some = append(some, m)
		}
	}
	return some
}

// times are the half hours of a week that differ in what a condition asks of the time, the first of each kind.
func (a doorman) times(monday time.Time) (changes []func(*door)) {
	asked := a.named("open", "hour", "weekday")
	if len(asked) == 0 || a.w.Roster == nil {
		return nil
	}
	seen := map[string]bool{}
	for half := range 7 * 48 {
		at := monday.Add(time.Duration(half) * 30 * time.Minute)
		if kind := a.kindOf(at, asked); !seen[kind] {
			seen[kind] = true
			changes = append(changes, func(w *door) { w.now = at })
		}
	}
	return changes
}

// kindOf tells apart times that a condition tells apart.
func (a doorman) kindOf(at time.Time, asked []flows.Mention) string {
	var b strings.Builder
	for _, m := range asked {
		switch m.Name {
		case "open":
			for _, name := range m.Texts {
				fmt.Fprint(&b, a.w.Roster.Open(name, at), " ")
			}
		case "weekday":
			day := strings.ToLower(at.Weekday().String()[:3])
			fmt.Fprint(&b, slices.Contains(m.Texts, day), " ")
		case "hour":
			for _, n := range m.Numbers {
				fmt.Fprint(&b, float64(at.Hour()) < n, float64(at.Hour()) == n, " ")
			}
		}
	}
	return b.String()
}

// pages are a page that no condition asks about, each that one does, and all of them.
func (a doorman) pages() (changes []func(*door)) {
	var pages []string
	for _, m := range a.named("visited", "page") {
		for _, text := range m.Texts {
			page := strings.ReplaceAll(text, "*", "")
			if !strings.HasPrefix(page, "/") {
				page = "/" + page
			}
			if !slices.Contains(pages, page) {
				pages = append(pages, page)
			}
		}
	}
	if len(pages) == 0 {
		return nil
	}
	changes = append(changes, func(w *door) { w.visit.Page = "/elsewhere" })
	for _, page := range pages {
		changes = append(changes, func(w *door) { w.visit.Page = page })
	}
	if len(pages) > 1 {
		changes = append(changes, func(w *door) { w.visit.Page, w.more = pages[0], pages[1:] })
	}
	return changes
}

// visits are counts of visits on each side of every threshold.
func (a doorman) visits() (changes []func(*door)) {
	asked := a.named("visits")
	if len(asked) == 0 {
		return nil
	}
	none := 0.0
	c := classer{mentions: asked, q: answer.Question{Language: "en", Field: &flows.Field{Name: "visits", Type: flows.TypeNumber, Whole: true, Min: &none}}}
	for _, class := range c.all() {
		if class.Kind == Valued {
			changes = append(changes, func(w *door) { w.visit.Visits = int(class.Value.Number) })
		}
	}
	return changes
}

// owners are nobody, and every rep that a condition names, or any.
func (a doorman) owners() (changes []func(*door)) {
	asked := a.named("owner")
	toOwner := a.w.Roster != nil && slices.ContainsFunc(a.w.Roster.Routes, (*flows.Route).LeadsToOwner)
	if len(asked) == 0 && !toOwner || a.w.Roster == nil || len(a.w.Roster.Reps) == 0 {
		return nil
	}
	owners := []string{"", a.w.Roster.Reps[0].ID}
	for _, m := range asked {
		for _, text := range m.Texts {
			if !slices.Contains(owners, text) {
				owners = append(owners, text)
			}
		}
	}
	for _, owner := range owners {
		changes = append(changes, func(w *door) { w.visit.Owner = owner })
	}
	return changes
}

// languages are those of the flow where a condition asks for it, and with them the country that a visitor is likely in
// where no field asks for that.
func (a doorman) languages() (changes []func(*door)) {
	if len(a.named("language")) > 0 {
		for _, language := range a.f.Languages {
			changes = append(changes, func(w *door) { w.visit.Language = language })
		}
		return changes
	}
	if a.f.Field("country") != nil {
		return nil
	}
	for _, country := range a.texts("country") {
		if len(country) == 2 {
			changes = append(changes, func(w *door) {
				base, _, _ := strings.Cut(sourceLanguage(a.f), "-")
				w.visit.Language, w.visit.Timezone = base+"-"+country, "UTC"
			})
		}
	}
	if len(changes) > 0 {
		changes = append(changes, func(*door) {})
	}
	return changes
}

func (a doorman) texts(name string) (texts []string) {
	for _, m := range a.named(name) {
		for _, text := range m.Texts {
			if !slices.Contains(texts, text) {
				texts = append(texts, text)
			}
		}
		for _, n := range m.Numbers {
			texts = append(texts, strconv.FormatFloat(n, 'f', -1, 64))
		}
	}
	return texts
}

func (a doorman) channels() (changes []func(*door)) {
	return a.each("channel", func(w *door, text string) { w.visit.Channel = text })
}

func (a doorman) referrers() (changes []func(*door)) {
	return a.each("referrer", func(w *door, text string) { w.visit.Referrer = text })
}

// each is a change to every text that a condition compares a name with, and to none.
func (a doorman) each(name string, set func(*door, string)) (changes []func(*door)) {
	if len(a.named(name)) == 0 {
		return nil
	}
	for _, text := range append([]string{""}, a.texts(name)...) {
		changes = append(changes, func(w *door) { set(w, text) })
	}
	return changes
}

// campaigns are the utm parameters that a condition names, itself or by a field that is filled from one.
func (a doorman) campaigns() (all [][]func(*door)) {
	sources := map[string][]string{}
	var names []string
	note := func(parameter, name string) {
		if len(a.named(name)) == 0 {
			return
		}
		if !slices.Contains(names, parameter) {
			names = append(names, parameter)
		}
		sources[parameter] = append(sources[parameter], a.texts(name)...)
	}
	for _, m := range a.mentions {
		if parameter, ok := strings.CutPrefix(m.Name, "utm."); ok && !slices.Contains(names, parameter) {
			note(parameter, m.Name)
		}
	}
	for _, field := range a.f.Fields {
		if parameter, ok := strings.CutPrefix(field.From, "utm."); ok {
			note(parameter, field.Name)
		}
	}
	for _, parameter := range names {
		texts := append([]string{"", "somewhere"}, sources[parameter]...)
		var changes []func(*door)
		for i, text := range texts {
			if slices.Index(texts, text) == i {
				changes = append(changes, func(w *door) { w.set(parameter, text) })
			}
		}
		all = append(all, changes)
	}
	return all
}

func (w *door) set(parameter, text string) {
	if text != "" {
		w.visit.UTM[parameter] = text
	}
}
