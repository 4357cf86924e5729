package slack

// check says what Slack would refuse.
func (p Post) check() error {
	if p.Channel == "" || p.Text == "" && len(p.Blocks) == 0 {
		return errPost
	}
	return nil
}
