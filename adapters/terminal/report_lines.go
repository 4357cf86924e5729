package terminal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// json prints the lines, each with the name of its report.
func (r report) json(w *World) error {
	p := printer{out: w.Stdout}
	for _, l := range r.lines {
		text, err := json.Marshal(l)
		if err != nil {
			return fmt.Errorf("print report %s: %w", r.name, err)
		}
		p.printf("{\"type\":%q,%s\n", r.name, text[1:])
	}
	return p.err
}

// csv prints a table of the keys that --json prints; those within an object have its name and a dot before theirs.
func (r report) csv(w *World) error {
	var header []string
	var rows []map[string]any
	for _, l := range r.lines {
		row := map[string]any{}
		err := flatten(l, func(key string, value any) {
			row[key] = value
			if !slices.Contains(header, key) {
				header = append(header, key)
			}
		})
		if err != nil {
			return fmt.Errorf("print report %s: %w", r.name, err)
		}
		rows = append(rows, row)
	}
	if len(header) == 0 {
		return nil // nothing is no table
	}
	out := newCSV(w.Stdout, header...)
	for _, row := range rows {
		cells := make([]any, len(header))
		for i, key := range header {
			cells[i] = row[key]
		}
		out.row(cells...)
	}
	return out.end()
}

// flatten calls for each value of a line, in the order of --json.
func flatten(line any, each func(key string, value any)) error {
	text, err := json.Marshal(line)
	if err != nil {
		return err
	}
	in := json.NewDecoder(bytes.NewReader(text))
	var inside []string // the names of the objects that are open
	var key string
	for {
		t, err := in.Token()
		if err != nil {
			return nil // the end: what was marshalled is whole
		}
		switch t {
		case json.Delim('{'):
			inside, key = append(inside, key), ""
		case json.Delim('}'):
			inside, key = inside[:len(inside)-1], ""
		default:
			if name, ok := t.(string); ok && key == "" {
				key = name
				if within := inside[len(inside)-1]; within != "" {
					key = within + "." + name
				}
				continue
			}
			each(key, t)
			key = ""
		}
	}
}
