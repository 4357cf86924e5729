package api

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// manual is the description, arranged for the page.
type manual struct {
	Info     *huma.Info
	Chapters []chapter
	Schemas  []schema
	Scopes   []string
}

// chapter is what one tag has.
type chapter struct {
	Name, About string
	Operations  []operation
}

type operation struct {
	ID, Method, Path, Summary, Scope string
	Parameters                       []property
	Body, Answer                     string // names of schemas
	Statuses                         []string
}

type schema struct {
	Name       string
	Properties []property
}

type property struct {
	Name, In, Kind, About string
	Of                    string // name of the schema it is made of
	Required              bool
}

// chapters arranges the operations by tag, in the order of the tags, and by path.
func chapters(o *huma.OpenAPI) (out []chapter) {
	for _, t := range o.Tags {
		c := chapter{Name: t.Name, About: t.Description}
		for _, path := range slices.Sorted(maps.Keys(o.Paths)) {
			item := o.Paths[path]
			for _, op := range []*huma.Operation{item.Get, item.Post, item.Patch, item.Delete} {
				if op != nil && slices.Contains(op.Tags, t.Name) {
					c.Operations = append(c.Operations, operationOf(op, path))
				}
			}
		}
		out = append(out, c)
	}
	return out
}

func operationOf(op *huma.Operation, path string) operation {
	out := operation{ID: op.OperationID, Method: op.Method, Path: path, Summary: op.Summary, Scope: op.Security[0][keyScheme][0]}
	for _, p := range op.Parameters {
		kind, of := kindOf(p.Schema)
		out.Parameters = append(out.Parameters, property{Name: p.Name, In: p.In, Kind: kind, Of: of, About: p.Description, Required: p.Required})
	}
	if op.RequestBody != nil {
		out.Body = nameOf(op.RequestBody.Content)
	}
	for _, status := range slices.Sorted(maps.Keys(op.Responses)) {
		if status[0] == '2' {
			out.Answer = nameOf(op.Responses[status].Content)
			out.Statuses = append(out.Statuses, status)
		}
	}
	return out
}

func nameOf(content map[string]*huma.MediaType) string {
	if m := content["application/json"]; m != nil && m.Schema != nil {
		return baseOf(m.Schema.Ref)
	}
	return ""
}

func baseOf(ref string) string { return ref[strings.LastIndex(ref, "/")+1:] }

// schemas lists all that bodies are made of.
func schemas(o *huma.OpenAPI) (out []schema) {
	all := o.Components.Schemas.Map()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		s := schema{Name: name}
		for _, p := range slices.Sorted(maps.Keys(all[name].Properties)) {
			of := all[name].Properties[p]
			kind, ref := kindOf(of)
			s.Properties = append(s.Properties, property{
				Name: p, Kind: kind, Of: ref, About: of.Description, Required: slices.Contains(all[name].Required, p),
			})
		}
		out = append(out, s)
	}
	return out
}

// kindOf is a type in a few words, and the schema it is made of, if one.
func kindOf(s *huma.Schema) (kind, of string) {
	switch {
	case s.Ref != "":
		return "", baseOf(s.Ref)
	case s.Type == huma.TypeArray:
		kind, of = kindOf(s.Items)
		return "list of " + kind, of
	case len(s.Enum) > 0:
		var words []string
		for _, v := range s.Enum {
			words = append(words, fmt.Sprint(v))
		}
		return strings.Join(words, ", "), ""
	case s.Format == "date-time":
		return "time", ""
	}
	return cmp.Or(s.Type, "any"), ""
}

// Curl is how to ask for it in a shell.
func (o operation) Curl() string {
	command := `curl -H "Authorization: Bearer $USHER_API_KEY"`
	if o.Method != http.MethodGet {
		command += " -X " + o.Method
	}
	if o.Body != "" {
		command += ` -H "Content-Type: application/json" -d '{…}'`
	}
	return command + " $USHER_URL" + o.Path
}
