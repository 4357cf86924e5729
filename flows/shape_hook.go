package flows

import "go.yaml.in/yaml/v4"

// hooksShape is who is told what happens: a list of webhooks, or a map with these and what else is told.
type hooksShape struct {
	item
	// Addresses that are sent a signed message for each event.
	Webhooks []hookShape `json:"webhooks,omitempty"`
	// How leads look in HubSpot, where the server has a token of it.
	HubSpot hubspotShape `json:"hubspot,omitempty"`
}

// hookShape is an address that is sent a signed message for each event.
type hookShape struct {
	item
	// The https address; ${NAME} where the address itself is a secret.
	URL word `json:"url"`
	// What messages are signed with (whsec_…), as ${NAME}; two while an old one is exchanged for a new one, the new one
	// first.
	Secret targets `json:"secret"`
	// What is told: lead.created, lead.*, meeting.booked … Default: everything.
	Events []word `json:"events,omitempty"`
}

// hubspotShape is how leads look in HubSpot.
type hubspotShape struct {
	item
	// Which property a field fills: team_size: numemployees, or of the company, size: company.numberofemployees.
	Fields table[word] `json:"fields,omitempty"`
	// Which lifecycle stage a stage is: sql: salesqualifiedlead. Default: mql, sal, sql and won, as HubSpot has them.
	Stages table[word] `json:"stages,omitempty"`
}

func (h *hooksShape) read(v item) {
	h.keep(v)
	if v.node.Kind == yaml.SequenceNode {
		v.into(reflectOf(&h.Webhooks))
		return
	}
	v.intoStruct(reflectOf(h))
}
