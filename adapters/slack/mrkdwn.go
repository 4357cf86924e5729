package slack

import "strings"

// escape lets words of a person stand as they are: nothing of Slack's own comes alive in them.
func escape(text string) string { return escapes.Replace(text) }

var escapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
