package hooks

import (
	"fmt"
	"maps"
	"slices"
)

// Problems are what an operator should mend: webhooks whose secrets are not set, and receivers that take nothing.
func (h *Hooks) Problems() (out []string) {
	if h == nil {
		return nil
	}
	if w := h.House.Workspace(); w != nil && w.Hooks != nil {
		for _, hook := range w.Hooks.Endpoints {
			if _, err := h.opened(ofFile(hook)); err != nil {
				out = append(out, fmt.Sprintf("webhook at %s: %v", hook.Place, err))
			}
		}
	}
	if h.crm != nil {
		if p := h.crm.rest.problem(); p != "" {
			out = append(out, p)
		}
	}
	troubled := h.calm.troubled()
	for _, id := range slices.Sorted(maps.Keys(troubled)) {
		out = append(out, fmt.Sprintf("webhook %s: %v", id, troubled[id]))
	}
	return out
}
