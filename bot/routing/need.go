package routing

// need is what would have to differ for a rep of the target to have got the lead.
func (d *decision) need(t target, id string) string { return "" }
