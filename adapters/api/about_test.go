package api_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"usher/bot"
)

func TestDescription(t *testing.T) {
	o := open(t)
	described := o.ask("GET", "/v1/openapi.json", "", "Authorization: ")
	t.Run("the description is OpenAPI 3.1 by its own schema", func(t *testing.T) {
		// testdata/openapi-3.1.json is https://spec.openapis.org/oas/3.1/schema/2026-08-03.
		schema, err := jsonschema.NewCompiler().Compile("testdata/openapi-3.1.json")
		if err != nil {
			t.Fatal(err)
		}
		document, err := jsonschema.UnmarshalJSON(strings.NewReader(described.text))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(document); err != nil {
			t.Errorf("%#v", err)
		}
		if described.header.Get("Content-Type") != "application/openapi+json" {
			t.Error(described.header)
		}
	})
	var d struct {
		OpenAPI string
		Paths   map[string]map[string]struct {
			Security  []map[string][]string
			Responses map[string]struct{ Content map[string]any }
		}
		Components struct{ Schemas map[string]any }
	}
	o.read(described, &d)
	t.Run("each operation says which scope it needs, and every schema it names is there and is one", func(t *testing.T) {
		if made := d.Paths["/v1/leads"]["post"].Responses["201"]; made.Content["application/json"] == nil {
			t.Error("the answer to who makes a lead is not described")
		}
		for path, item := range d.Paths {
			for method, op := range item {
				if len(op.Security) != 1 || !known(op.Security[0]["key"]) {
					t.Errorf("%s %s: %v", method, path, op.Security)
				}
			}
		}
		for _, ref := range regexp.MustCompile(`"#/components/schemas/([^"]+)"`).FindAllStringSubmatch(described.text, -1) {
			if d.Components.Schemas[ref[1]] == nil {
				t.Errorf("%s is named and not there", ref[1])
			}
		}
		for name := range d.Components.Schemas {
			c := jsonschema.NewCompiler()
			if err := c.AddResource("described.json", value(t, described.text)); err != nil {
				t.Fatal(err)
			}
			if _, err := c.Compile("described.json#/components/schemas/" + name); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
	t.Run("the page for people names every operation and loads nothing from elsewhere", func(t *testing.T) {
		page := o.ask("GET", "/v1/docs", "", "Authorization: ")
		for path := range d.Paths {
			if !strings.Contains(page.text, path) {
				t.Errorf("%s is not on the page", path)
			}
		}
		if strings.Contains(page.text, "://") || strings.Contains(page.text, "<script") || strings.Contains(page.text, "style=") {
			t.Error("the page loads something")
		}
		if !strings.Contains(page.header.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Error(page.header)
		}
		anchors := map[string]bool{}
		for _, id := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(page.text, -1) {
			if anchors[id[1]] {
				t.Errorf("two are %s", id[1])
			}
			anchors[id[1]] = true
		}
		for _, href := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(page.text, -1) {
			if !anchors[href[1]] {
				t.Errorf("#%s leads nowhere", href[1])
			}
		}
		if style := o.ask("GET", "/v1/docs.css", ""); style.status != http.StatusOK || !strings.HasPrefix(style.header.Get("Content-Type"), "text/css") {
			t.Error(style)
		}
	})
}

func known(scopes []string) bool {
	return len(scopes) == 1 && strings.Contains(strings.Join(bot.Scopes, " "), scopes[0])
}

func value(t *testing.T, text string) any {
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}
