package bot

import (
	"errors"
	"slices"

	"usher/bot/answer"
	"usher/flows"
)

// ErrNoField says that no flow asks for a field of that name.
var ErrNoField = errors.New("no flow has such a field")

// ReadField reads what somebody else knows of a person as the answer to a field that a flow of the workspace asks for. The
// error is ErrNoField or an *answer.Refusal.
func ReadField(w *flows.Workspace, name, text, language string) (flows.Value, error) {
	f := fieldNamed(w, name)
	if f == nil {
		return flows.Value{}, ErrNoField
	}
	q := answer.Question{Field: f, Language: language}
	if v, err := answer.Choose(q, text); err == nil {
		return v, nil
	}
	return answer.Read(q, text)
}

// FieldNames are those of all fields that flows of the workspace ask for.
func FieldNames(w *flows.Workspace) (names []string) {
	for _, f := range w.Flows {
		for _, field := range f.Fields {
			names = append(names, field.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func fieldNamed(w *flows.Workspace, name string) *flows.Field {
	for _, f := range w.Flows {
		if field := f.Field(name); field != nil {
			return field
		}
	}
	return nil
}
