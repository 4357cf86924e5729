package web

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"usher/bot/dialogue"
	"usher/flows"
)

// visit is what the page told us, as a flow may ask of it: the path, not the address, for the host is the site's own
// and the query may hold anything.
func (f *frame) visit() flows.Visit {
	path, utm := pathOf(f.Page.URL)
	return flows.Visit{
		Page: path, Title: cut(f.Page.Title, maxTitle), Referrer: cut(f.Page.Referrer, maxPath), UTM: utm,
		Timezone: zone(f.Timezone), Language: language(f.Language), Channel: Channel, GPC: f.GPC,
	}
}

// gpc says that the browser sends Global Privacy Control (the Sec-GPC header of the W3C's draft).
func gpc(r *http.Request) bool { return r.Header.Get("Sec-GPC") == "1" }

// Channel is the name of this channel in a conversation.
const Channel = "web"

func (f *frame) visited() dialogue.Visited {
	path, _ := pathOf(f.Page.URL)
	return dialogue.Visited{Page: path, Title: cut(f.Page.Title, maxTitle)}
}

// pathOf is the path and the campaign of a page's URL; what is no URL is a page without a name.
func pathOf(raw string) (path string, utm map[string]string) {
	u, err := url.Parse(raw)
	if err != nil {
		return "", nil
	}
	for _, name := range []string{"source", "medium", "campaign", "term", "content"} {
		if v := printable(u.Query().Get("utm_" + name)); v != "" {
			if utm == nil {
				utm = map[string]string{}
			}
			utm[name] = cut(v, maxUTM)
		}
	}
	path = printable(u.Path)
	if path == "" && u.Host != "" {
		path = "/"
	}
	return cut(path, maxPath), utm
}

// zone is the name when there is such a zone, else "".
func zone(name string) string {
	if name == "" || name == "Local" {
		return ""
	}
	if _, err := time.LoadLocation(name); err != nil {
		return ""
	}
	return name
}

// language is the tag when it has the shape of one (RFC 5646 2.1), else "".
func language(tag string) string {
	if tag == "" || len(tag) > maxLanguage {
		return ""
	}
	for part := range strings.SplitSeq(tag, "-") {
		if part == "" || len(part) > 8 || strings.ContainsFunc(part, notAlphanumeric) {
			return ""
		}
	}
	return tag
}

func notAlphanumeric(r rune) bool {
	return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
}

// cut shortens to at most n bytes, between runes.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}
