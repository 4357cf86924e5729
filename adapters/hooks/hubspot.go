package hooks

// hubspot is the CRM.
type hubspot struct{}
