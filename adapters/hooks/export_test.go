package hooks

import "golang.org/x/time/rate"

// Hasten has HubSpot called as fast as it answers: the fake has no limit but that which a test sets.
func (h *Hooks) Hasten() { h.crm.rest.limit.SetLimit(rate.Inf) }
