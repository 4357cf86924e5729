package web

import "net/http"

// demoPages are the pages of Shelfwise, the example workspace's company, with their titles: enough of them for a flow
// to ask where a visitor has been.
var demoPages = map[string]string{
	"":          "Shelfwise — know what is on the shelf",
	"product":   "Product — Shelfwise",
	"pricing":   "Pricing — Shelfwise",
	"customers": "Customers — Shelfwise",
	"docs":      "Help — Shelfwise",
}

// demo serves the example company's site, with the one tag that any site embeds the widget by.
func (s *Server) demo(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("page")
	title, ok := demoPages[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Cache-Control", "no-cache")
	s.page(w, http.StatusOK, "demo.html", struct{ Page, Title string }{name, title})
}
