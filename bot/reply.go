package bot

// Reply is the text of that name in the running workspace's replies.yaml, in its source language.
func (b *Bot) Reply(name string) (text string, ok bool) { return b.ReplyIn(name, "") }

// ReplyIn is the text of that name in a language, or in the source language where it is not written in that one.
func (b *Bot) ReplyIn(name, language string) (text string, ok bool) {
	w := b.Workspace()
	if w == nil {
		return "", false
	}
	reply, ok := w.Replies[name]
	return reply.Written(language), ok
}
