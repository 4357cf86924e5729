package flows

// privacy tells what is otherwise in why and how long personal data is kept.
func (d *differ) privacy(a, b *Privacy) {
	if a == nil && b == nil {
		return
	}
	if a == nil {
		a = &Privacy{}
	}
	if b == nil {
		b = &Privacy{}
	}
	d.compare("privacy", "how personal data is kept", versions{a, b})
}
