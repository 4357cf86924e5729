package flows

import (
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/invopop/jsonschema"
	"github.com/rogpeppe/go-internal/txtar"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the golden files and schemas anew")

// TestSchemas: the committed schemas are those of the shapes.
func TestSchemas(t *testing.T) {
	comments := commentsOf(t)
	for kind, build := range map[string]func(schemaMaker) *jsonschema.Schema{
		flowKind:      func(m schemaMaker) *jsonschema.Schema { return m.ref(reflect.TypeFor[flowShape]()) },
		teamKind:      func(m schemaMaker) *jsonschema.Schema { return m.ref(reflect.TypeFor[rosterShape]()) },
		faqKind:       func(m schemaMaker) *jsonschema.Schema { return listSchema(m.ref(reflect.TypeFor[faqShape]())) },
		repliesKind:   func(m schemaMaker) *jsonschema.Schema { return m.of(reflect.TypeFor[table[words]]()) },
		followupsKind: func(m schemaMaker) *jsonschema.Schema { return m.ref(reflect.TypeFor[followupsShape]()) },
		hooksKind: func(m schemaMaker) *jsonschema.Schema {
			return anyOf(listSchema(m.ref(reflect.TypeFor[hookShape]())), m.ref(reflect.TypeFor[hooksShape]()))
		},
		privacyKind: func(m schemaMaker) *jsonschema.Schema { return m.ref(reflect.TypeFor[privacyShape]()) },
		storyKind:   func(m schemaMaker) *jsonschema.Schema { return oneOrList(m.ref(reflect.TypeFor[storyShape]())) },
	} {
		m := schemaMaker{comments: comments, definitions: jsonschema.Definitions{}}
		root := build(m)
		root.Version = jsonschema.Version
		root.Title = "Usher " + kind
		root.Definitions = m.definitions
		made, err := json.MarshalIndent(root, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join("schema", kind+".json")
		if *update {
			if err := os.WriteFile(name, append(made, '\n'), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if committed, err := os.ReadFile(name); err != nil || string(committed) != string(made)+"\n" {
			t.Errorf("%s is not what the shapes say (%v): run go generate ./flows", name, err)
		}
	}
}

// schemaMaker makes a schema of each shape it meets.
type schemaMaker struct {
	comments    map[string]string
	definitions jsonschema.Definitions
}

func nameOf(t reflect.Type) string { return strings.TrimSuffix(t.Name(), "Shape") }

// ref refers to the definition of a shape, and makes it where it is new.
func (m schemaMaker) ref(t reflect.Type) *jsonschema.Schema {
	name := nameOf(t)
	if m.definitions[name] == nil {
		m.definitions[name] = &jsonschema.Schema{}
		r := jsonschema.Reflector{
			Anonymous: true, ExpandedStruct: true, Namer: nameOf, LookupComment: m.comment,
			Mapper: func(inner reflect.Type) *jsonschema.Schema {
				if inner == t {
					return nil
				}
				return m.of(inner)
			},
		}
		made := r.ReflectFromType(t)
		made.Version, made.Definitions = "", nil
		m.definitions[name] = made
	}
	return &jsonschema.Schema{Ref: "#/$defs/" + name}
}

func (m schemaMaker) comment(t reflect.Type, field string) string {
	return m.comments[t.Name()+"."+field]
}

// of is the schema of a type within a shape.
func (m schemaMaker) of(t reflect.Type) *jsonschema.Schema {
	switch t {
	case reflect.TypeFor[item]():
		return &jsonschema.Schema{}
	case reflect.TypeFor[word]():
		return textSchema()
	case reflect.TypeFor[scalar]():
		return anyOf(textSchema(), &jsonschema.Schema{Type: "number"}, &jsonschema.Schema{Type: "boolean"})
	case reflect.TypeFor[formula]():
		return anyOf(textSchema(), &jsonschema.Schema{Type: "boolean"})
	case reflect.TypeFor[number]():
		return &jsonschema.Schema{Type: "number"}
	case reflect.TypeFor[truth]():
		return &jsonschema.Schema{Type: "boolean"}
	case reflect.TypeFor[yesNo]():
		return &jsonschema.Schema{Enum: []any{"yes", "no", true, false}}
	case reflect.TypeFor[lapse]():
		return &jsonschema.Schema{Type: "string", Pattern: `^([0-9]{1,9}[smhdw])+$`}
	case reflect.TypeFor[words]():
		return anyOf(textSchema(), tableSchema(textSchema()))
	case reflect.TypeFor[wordings]():
		return anyOf(wordList(), tableSchema(wordList()))
	case reflect.TypeFor[options]():
		return anyOf(tableSchema(m.of(reflect.TypeFor[words]())), listSchema(textSchema()))
	case reflect.TypeFor[edges]():
		return anyOf(listSchema(m.ref(reflect.TypeFor[edgeShape]())), textSchema())
	case reflect.TypeFor[targets]():
		return wordList()
	case reflect.TypeFor[hoursRef]():
		return anyOf(textSchema(), m.of(reflect.TypeFor[weekShape]()))
	case reflect.TypeFor[weekShape]():
		return tableSchema(textSchema())
	case reflect.TypeFor[sharesShape]():
		return anyOf(&jsonschema.Schema{Type: "number"}, tableSchema(&jsonschema.Schema{Type: "number"}))
	case reflect.TypeFor[calendarShape]():
		return anyOf(append(m.calendar(), listSchema(anyOf(m.calendar()...)))...)
	}
	switch {
	case t.Kind() == reflect.Slice:
		return listSchema(m.of(t.Elem()))
	case strings.HasPrefix(t.Name(), "table["):
		value, _ := reflect.PointerTo(t).Elem().FieldByName("rows")
		row, _ := value.Type.Elem().FieldByName("value")
		return tableSchema(m.of(row.Type))
	}
	return m.ref(t)
}

// calendar is what one calendar may be.
func (m schemaMaker) calendar() []*jsonschema.Schema {
	return []*jsonschema.Schema{
		textSchema(), m.ref(reflect.TypeFor[caldavShape]()), m.ref(reflect.TypeFor[googleShape]()), m.ref(reflect.TypeFor[microsoftShape]()),
	}
}

func textSchema() *jsonschema.Schema { return &jsonschema.Schema{Type: "string"} }

func anyOf(some ...*jsonschema.Schema) *jsonschema.Schema { return &jsonschema.Schema{AnyOf: some} }

func listSchema(of *jsonschema.Schema) *jsonschema.Schema {
	return &jsonschema.Schema{Type: "array", Items: of}
}

func tableSchema(of *jsonschema.Schema) *jsonschema.Schema {
	return &jsonschema.Schema{Type: "object", AdditionalProperties: of}
}

func wordList() *jsonschema.Schema { return anyOf(textSchema(), listSchema(textSchema())) }

func oneOrList(of *jsonschema.Schema) *jsonschema.Schema { return anyOf(of, listSchema(of)) }

// commentsOf reads the comments of the shapes: type and field by name.
func commentsOf(t *testing.T) map[string]string {
	comments := map[string]string{}
	for _, name := range []string{"shape.go", "shape_team.go", "shape_story.go", "shape_calendar.go", "shape_followup.go", "shape_hook.go", "shape_privacy.go"} {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			decl, ok := d.(*ast.GenDecl)
			if !ok || decl.Tok != token.TYPE {
				continue
			}
			spec := decl.Specs[0].(*ast.TypeSpec)
			comments[spec.Name.Name+"."] = strings.Replace(strings.Join(strings.Fields(decl.Doc.Text()), " "), "Shape", "", 1)
			if shape, ok := spec.Type.(*ast.StructType); ok {
				for _, field := range shape.Fields.List {
					for _, n := range field.Names {
						comments[spec.Name.Name+"."+n.Name] = strings.ReplaceAll(strings.TrimSpace(field.Doc.Text()), "\n", " ")
					}
				}
			}
		}
	}
	return comments
}

// TestSchemasAndLoaderAgree: what a schema refuses the loader refuses, and what has the wrong shape for the loader a
// schema refuses too, on the example, the broken workspaces, and the example with lines changed.
func TestSchemasAndLoaderAgree(t *testing.T) {
	names, err := filepath.Glob("testdata/broken/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			if strings.HasSuffix(f.Name, ".yaml") {
				agree(t, f.Name, string(f.Data))
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{"book-a-demo.yaml", "get-help.yaml", "team.yaml", "faq.yaml", "replies.yaml", "followups.yaml", "hooks.yaml", "privacy.yaml", "stories/books.yaml"}).Draw(t, "file")
		text, err := fs.ReadFile(Example(), name)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(string(text), "\n")
		at := rapid.IntRange(0, len(lines)-1).Draw(t, "line")
		olds := []string{": [", ": {", ": ", "true", "1", "id", "if:", "when"}
		lines[at] = strings.Replace(lines[at], rapid.SampledFrom(olds).Draw(t, "old"), rapid.SampledFrom([]string{": x [", ": 5", ": [", ": no ", "on", "~", "2026-01-01", "x: "}).Draw(t, "new"), 1)
		agree(t, name, strings.Join(lines, "\n"))
	})
}

func agree(t interface{ Errorf(string, ...any) }, name, text string) {
	kind := flowKind
	switch {
	case name == teamFile+".yaml":
		kind = teamKind
	case name == faqFile+".yaml":
		kind = faqKind
	case name == repliesFile+".yaml":
		kind = repliesKind
	case name == followupsFile+".yaml":
		kind = followupsKind
	case name == hooksFile+".yaml":
		kind = hooksKind
	case name == privacyFile+".yaml":
		kind = privacyKind
	case strings.HasPrefix(name, storiesFiles):
		kind = storyKind
	}
	var parsing Problems
	root, ok := newFile(name, text, &parsing).parse(text)
	if !ok || len(parsing) > 0 {
		return
	}
	refused := compiled()[kind].Validate(root.value())
	_, problems := Load(SourceFS(map[string]string{name: text}))
	wrong, shape := false, ""
	for _, p := range problems {
		if p.File == name && p.Severity == Error {
			wrong = true
			if p.Rule == "schema" {
				t.Errorf("only the schema sees it, so the author is not told how to mend it: %s", p)
			}
			if slices.Contains([]string{"unknown-key", "wrong-type", "missing-key"}, p.Rule) {
				shape = p.String()
			}
		}
	}
	if refused != nil && !wrong {
		t.Errorf("the loader takes what the schema refuses: %v\n%s", refused, text)
	}
	if refused == nil && shape != "" {
		t.Errorf("the schema takes what the loader refuses: %s", shape)
	}
}
