package terminal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"usher/flows"
)

// options are the choices of a request as a flow writes them: a list of values, or a map from value to label. Their
// order is the one in which they are asked, and so what "the second one" means.
type options []option

type option struct{ value, label string }

// written are the options of the flags: VALUE, or VALUE=LABEL.
func written(flags []string) (out options) {
	for _, f := range flags {
		value, label, labelled := strings.Cut(f, "=")
		if !labelled {
			label = value
		}
		out = append(out, option{value, label})
	}
	return out
}

// UnmarshalJSON reads a list or a map; a map keeps its order.
func (o *options) UnmarshalJSON(data []byte) error {
	*o = nil
	var list []string
	if json.Unmarshal(data, &list) == nil {
		for _, value := range list {
			*o = append(*o, option{value, value})
		}
		return nil
	}
	in := json.NewDecoder(bytes.NewReader(data))
	if open, err := in.Token(); err != nil || open != json.Delim('{') {
		return fmt.Errorf("options are a list or a map")
	}
	for in.More() {
		value, err := in.Token()
		if err != nil {
			return err
		}
		var label string
		if err := in.Decode(&label); err != nil {
			return err
		}
		*o = append(*o, option{fmt.Sprint(value), label})
	}
	return nil
}

// in are the options with their labels in that language.
func (o options) in(language string) (out []flows.Option) {
	for _, c := range o {
		out = append(out, flows.Option{Value: c.value, Label: flows.TextIn(language, c.label)})
	}
	return out
}
