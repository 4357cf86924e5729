package web

import "net/http"

// demoPages are the pages of the example company: enough for a flow to ask where a visitor has been.
var demoPages = map[string]string{"": "Home", "pricing": "Pricing", "customers": "Customers", "docs": "Docs"}

// demo serves the example company's site, with the one tag that a site embeds the widget by.
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
