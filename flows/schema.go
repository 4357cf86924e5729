package flows

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	failure "github.com/santhosh-tekuri/jsonschema/v6/kind"
	"go.yaml.in/yaml/v4"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

//go:generate go test -run TestSchemas -update .

//go:embed schema/*.json
var schemas embed.FS

// The kinds of file a workspace has; each has a JSON Schema.
const (
	flowKind      = "flow"
	teamKind      = "team"
	faqKind       = "faq"
	repliesKind   = "replies"
	followupsKind = "followups"
	hooksKind     = "hooks"
	privacyKind   = "privacy"
	storyKind     = "story"
)

// Schema is the JSON Schema of one kind of file (flow, team, faq, replies, followups, hooks, privacy or story), for editors. The error says that there is
// no such kind.
func Schema(file string) ([]byte, error) {
	data, err := schemas.ReadFile("schema/" + file + ".json")
	if err != nil {
		return nil, fmt.Errorf("schema of %q: %w", file, err)
	}
	return data, nil
}

// compiled holds the schemas ready to use, by kind.
var compiled = sync.OnceValue(func() map[string]*jsonschema.Schema {
	all := map[string]*jsonschema.Schema{}
	for _, name := range []string{flowKind, teamKind, faqKind, repliesKind, followupsKind, hooksKind, privacyKind, storyKind} {
		data, err := Schema(name)
		if err != nil {
			panic(err) // it is embedded above
		}
		document, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if err != nil {
			panic(err) // it is made and tested here
		}
		c := jsonschema.NewCompiler()
		if err := c.AddResource(name+".json", document); err != nil {
			panic(err)
		}
		all[name] = c.MustCompile(name + ".json")
	}
	return all
})

// conform holds a file against its schema. The shapes are read first and say more about what is wrong; this is the
// promise that whatever an editor underlines is refused here too.
func (v item) conform(file string) {
	err := compiled()[file].Validate(v.value())
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		return
	}
	printer := message.NewPrinter(language.English)
	for _, leaf := range leaves(invalid) {
		v.at(leaf.InstanceLocation).wrong("schema", "", "this does not fit the schema: %s", leaf.ErrorKind.LocalizedString(printer))
	}
}

// leaves are the innermost failures; of alternatives that all failed, that none fits is all there is to say.
func leaves(e *jsonschema.ValidationError) (all []*jsonschema.ValidationError) {
	if _, alternatives := e.ErrorKind.(*failure.AnyOf); alternatives || len(e.Causes) == 0 {
		return []*jsonschema.ValidationError{e}
	}
	for _, cause := range e.Causes {
		all = append(all, leaves(cause)...)
	}
	return all
}

// at is the value that a path of keys and indexes leads to.
func (v item) at(path []string) item {
	for _, step := range path {
		switch v.node.Kind {
		case yaml.MappingNode:
			for i := 0; i+1 < len(v.node.Content); i += 2 {
				if v.node.Content[i].Value == step {
					v = item{v.file, v.node.Content[i+1]}
					break
				}
			}
		case yaml.SequenceNode:
			if i, err := strconv.Atoi(step); err == nil && i < len(v.node.Content) {
				v = item{v.file, v.node.Content[i]}
			}
		}
	}
	return v
}

// value is the YAML value as JSON Schema sees it.
func (v item) value() any {
	switch v.node.Kind {
	case yaml.MappingNode:
		object := map[string]any{}
		for i := 0; i+1 < len(v.node.Content); i += 2 {
			object[v.node.Content[i].Value] = item{v.file, v.node.Content[i+1]}.value()
		}
		return object
	case yaml.SequenceNode:
		list := make([]any, len(v.node.Content))
		for i, n := range v.node.Content {
			list[i] = item{v.file, n}.value()
		}
		return list
	}
	switch v.node.Tag {
	case "!!int", "!!float":
		if n, err := strconv.ParseFloat(strings.ReplaceAll(v.node.Value, "_", ""), 64); err == nil && n-n == 0 {
			return n
		}
	case "!!bool":
		return strings.EqualFold(v.node.Value, "true")
	case "!!null":
		return nil
	}
	return v.node.Value
}
