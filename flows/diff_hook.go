package flows

// hooks tells what is otherwise in who is told what happens.
func (d *differ) hooks(a, b *Hooks) {
	if a == nil {
		a = &Hooks{}
	}
	if b == nil {
		b = &Hooks{}
	}
	for _, p := range align(a.Endpoints, b.Endpoints, func(h *Hook) string { return h.URL }) {
		d.compare("webhook", "the webhook `"+p.one().URL+"`", pairOf(p))
	}
	switch {
	case a.HubSpot == nil && b.HubSpot == nil:
	case a.HubSpot == nil:
		d.compare("hubspot", "what HubSpot is told", versions{nil, b.HubSpot})
	case b.HubSpot == nil:
		d.compare("hubspot", "what HubSpot is told", versions{a.HubSpot, nil})
	default:
		d.compare("hubspot", "what HubSpot is told", versions{a.HubSpot, b.HubSpot})
	}
}
