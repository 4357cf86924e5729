package dialogue

import (
	"slices"
	"strings"

	"usher/bot/answer"
	"usher/flows"
)

// started opens the conversation: what the visit tells is known before the first word is said.
func (t *turn) started(in Started) error {
	v := tidy(in.Visit)
	t.c = Conversation{
		Flow:     t.m.flow.ID,
		Revision: t.m.workspace.Revision,
		Language: t.m.language(v.Language),
		Timezone: location(v.Timezone).String(),
		Channel:  v.Channel,
		Visit:    v,
		Began:    t.now,
	}
	t.changed()
	t.see(v.Page)
	t.hidden()
	t.learn(in.Known, SourceProfile)
	return t.enter(t.m.nodes[0])
}

// tidy is a visit within its bounds, sharing nothing with the input.
func tidy(v flows.Visit) flows.Visit {
	v.Page, v.Title, v.Referrer = cut(path(v.Page)), cut(v.Title), cut(v.Referrer)
	v.Timezone, v.Language, v.Channel, v.Owner = cut(v.Timezone), cut(v.Language), cut(v.Channel), cut(v.Owner)
	v.Pages = pages(v.Pages)
	var utm map[string]string
	for _, name := range sorted(v.UTM) {
		if len(utm) >= MaxUTM {
			break
		}
		if utm == nil {
			utm = make(map[string]string, len(v.UTM))
		}
		utm[cut(name)] = cut(v.UTM[name])
	}
	v.UTM = utm
	return v
}

// pages is the newest page views, as conversations keep times.
func pages(views []flows.PageView) []flows.PageView {
	if len(views) == 0 {
		return nil
	}
	if len(views) > MaxPages {
		views = views[len(views)-MaxPages:]
	}
	views = slices.Clone(views)
	for i := range views {
		views[i].Path, views[i].At = cut(path(views[i].Path)), instant(views[i].At)
	}
	return views
}

// visited keeps a page view; it may change the score, it is never answered with words.
func (t *turn) visited(in Visited) {
	t.c.Visit.Page, t.c.Visit.Title = cut(path(in.Page)), cut(in.Title)
	t.see(t.c.Visit.Page)
}

func (t *turn) see(page string) {
	if page == "" {
		return
	}
	seen := t.c.Visit.Pages
	if n := len(seen); n >= MaxPages {
		seen = seen[n-MaxPages+1:]
	}
	t.c.Visit.Pages = append(slices.Clip(seen), flows.PageView{Path: page, At: t.now})
	t.changed()
}

// language is the tag the visitor's words and ours are in: the visitor's own where the flow speaks it, with its region
// for dates and numbers, else the flow's source language.
func (m *Machine) language(tag string) string {
	base, _, _ := strings.Cut(strings.ReplaceAll(tag, "_", "-"), "-")
	for _, l := range m.flow.Languages {
		if own, _, _ := strings.Cut(l, "-"); base != "" && strings.EqualFold(own, base) {
			return tag
		}
	}
	if len(m.flow.Languages) > 0 {
		return m.flow.Languages[0]
	}
	return "en"
}

// hidden fills the fields that come from the visit.
func (t *turn) hidden() {
	for _, f := range t.m.flow.Fields {
		if f.From == "" {
			continue
		}
		s := cut(told(&t.c, f.From))
		if s == "" {
			continue
		}
		v := flows.Value{Type: flows.TypeText, Text: s}
		if f.Type != "" && f.Type != flows.TypeText {
			var err error
			if v, err = answer.Read(t.asked(f), s); err != nil {
				continue // what the page says is no such value: the field stays unknown
			}
		}
		t.put(Answer{Field: f.Name, Value: v, Source: SourceVisit})
	}
}

// told is what the visit says under a name of the `from` key.
func told(c *Conversation, from string) string {
	if name, ok := strings.CutPrefix(from, "utm."); ok {
		return c.Visit.UTM[name]
	}
	switch from {
	case "page":
		return c.Visit.Page
	case "title":
		return c.Visit.Title
	case "referrer":
		return c.Visit.Referrer
	case "language":
		return c.Visit.Language
	case "timezone":
		return c.Timezone
	case "channel":
		return c.Channel
	case "owner":
		return c.Visit.Owner
	}
	return ""
}

// learn keeps fields brought from outside. What the visitor said here counts more, and what the flow does not know or
// what is of another type is left out.
func (t *turn) learn(known map[string]flows.Value, source string) {
	for _, f := range t.m.flow.Fields {
		v, ok := known[f.Name]
		if !ok || v.Type != f.Type || len(v.Text) > MaxTextBytes {
			continue
		}
		if a := t.c.answer(f.Name); a == nil || a.Source != "" {
			t.put(Answer{Field: f.Name, Value: v, Source: source})
		}
	}
}

// identified keeps what the page knows of the visitor. Where that answers what is being asked, the flow goes on.
func (t *turn) identified(in Identified) error {
	asked := t.awaited()
	before := asked != nil && t.c.answer(asked.Name) != nil
	t.learn(in.Known, SourceProfile)
	switch {
	case asked == nil || before || t.c.answer(asked.Name) == nil:
		return nil
	case t.at.phase == asking:
		return t.need()
	}
	return t.next(t.at.node)
}

// awaited is the field that is being asked for, or nil.
func (t *turn) awaited() *flows.Field {
	switch {
	case t.c.Joined != nil || t.c.End != "":
		return nil
	case t.at.phase == asking:
		return t.missing()
	case t.at.phase == inStep:
		return t.at.node.Ask
	}
	return nil
}

// answer is the field's answer, or nil.
func (c *Conversation) answer(field string) *Answer {
	for i := range c.Answers {
		if c.Answers[i].Field == field {
			return &c.Answers[i]
		}
	}
	return nil
}

// put keeps an answer in place of the field's earlier one.
func (t *turn) put(a Answer) {
	a.At = t.now
	if len(a.Value.List) == 0 {
		a.Value.List = nil
	}
	t.forget(a.Field)
	t.c.Answers = append(slices.Clip(t.c.Answers), a)
	t.dirty = true
	if a.Value.Type == flows.TypeCountry {
		t.scope = nil // the country it holds was the likely one
	}
	if t.scope == nil {
		return
	}
	if t.scope.Values == nil {
		t.scope.Values = map[string]flows.Value{}
	}
	t.scope.Values[a.Field] = a.Value
}

// forget drops the field's answer.
func (t *turn) forget(field string) {
	if t.c.answer(field) == nil {
		return
	}
	t.c.Answers = slices.DeleteFunc(slices.Clone(t.c.Answers), func(a Answer) bool { return a.Field == field })
	if len(t.c.Answers) == 0 {
		t.c.Answers = nil
	}
	t.changed()
}

// path is the path of a page that may have been given as a whole address.
func path(page string) string {
	if _, rest, ok := strings.Cut(page, "://"); ok {
		_, p, _ := strings.Cut(rest, "/")
		page = "/" + p
	}
	if i := strings.IndexAny(page, "?#"); i >= 0 {
		page = page[:i]
	}
	return page
}

// cut shortens what a page sent to MaxPageBytes of valid text.
func cut(s string) string {
	if len(s) > MaxPageBytes {
		s = s[:MaxPageBytes]
	}
	return strings.ToValidUTF8(s, "")
}
