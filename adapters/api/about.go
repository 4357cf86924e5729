package api

import (
	"bytes"
	"embed"
	"encoding/json"
	"html/template"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"usher/bot"
)

//go:embed docs.html docs.css
var files embed.FS

// docsPolicy lets the page load its style sheet and nothing else.
const docsPolicy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// version is of the API: a change that a client could stumble over gets another path.
const version = "1.0.0"

const introduction = `Leads, conversations and meetings of this server, for other systems.

Send a key as ` + "`Authorization: Bearer usk_…`" + `; whoever runs the server makes one with ` + "`usher key new`" + `. Each operation says which scope it needs.

Times are RFC 3339 with a zone. Lists come page by page: ask for the next with the cursor of the last answer until there is none; what was in the list from the beginning comes exactly once. Errors are problem details (RFC 9457), with the places of the request that are wrong.

A key may ask a hundred times at once and ten times a second on and on, unless the server says otherwise in RateLimit and RateLimit-Policy; beyond it the answer is 429 with Retry-After.`

// description is what the API says of itself before it has operations.
func description(url string) huma.Config {
	c := huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info:    &huma.Info{Title: "Usher", Version: version, Description: introduction},
			Components: &huma.Components{
				Schemas: huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
				SecuritySchemes: map[string]*huma.SecurityScheme{keyScheme: {
					Type: "http", Scheme: "bearer", BearerFormat: "usk_…", Description: "A key as usher key new prints it once.",
				}},
			},
			Tags: []*huma.Tag{
				{Name: "Leads", Description: "People, as the team knows them: one record each, over all conversations."},
				{Name: "Conversations", Description: "What visitors and the bot, or a rep, said to each other."},
				{Name: "Meetings", Description: "Meetings that were booked."},
				{Name: "Reports", Description: "What came of it all, counted. No line names a person."},
				{Name: "Webhooks", Description: "Addresses that are told what happens, signed by the Standard Webhooks specification; those of hooks.yaml stand there."},
			},
		},
		Formats:                      map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat},
		DefaultFormat:                "application/json",
		RejectUnknownQueryParameters: true,
	}
	if url != "" {
		c.Servers = []*huma.Server{{URL: url}}
	}
	return c
}

// about serves what the API says of itself: to programs and to people.
func (s *Server) about(mux *http.ServeMux, api huma.API) {
	spec, err := json.Marshal(api.OpenAPI())
	if err != nil {
		panic(err) // plain structs always marshal
	}
	page, err := docsOf(api.OpenAPI())
	if err != nil {
		panic(err) // the template and the description are both ours
	}
	style, err := files.ReadFile("docs.css")
	if err != nil {
		panic(err) // the file is embedded
	}
	mux.HandleFunc("GET /v1/openapi.json", fixed("application/openapi+json", spec))
	mux.HandleFunc("GET /v1/docs", fixed("text/html; charset=utf-8", page))
	mux.HandleFunc("GET /v1/docs.css", fixed("text/css; charset=utf-8", style))
}

// fixed serves what does not change while the server runs.
func fixed(kind string, body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h.Set("Content-Type", kind)
		h.Set("Content-Security-Policy", docsPolicy)
		h.Set("Cache-Control", "no-cache")
		w.Write(body) // an error here is the client gone
	}
}

var docsPage = template.Must(template.ParseFS(files, "docs.html"))

// docsOf is the description as a page for people.
func docsOf(o *huma.OpenAPI) ([]byte, error) {
	var b bytes.Buffer
	err := docsPage.Execute(&b, manual{o.Info, chapters(o), schemas(o), bot.Scopes})
	return b.Bytes(), err
}
