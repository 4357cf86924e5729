package slack

import (
	"regexp"
	"strings"
)

// escape lets words of a person stand as they are: nothing of Slack's own comes alive in them.
func escape(text string) string { return escapes.Replace(text) }

var escapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

var unescapes = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// plain reads what Slack sends as the words that were written: <https://acme.example|acme.example> as its words,
// <@U1|ana> as @ana, &amp; as &.
func plain(text string) string {
	return unescapes.Replace(slackLink.ReplaceAllStringFunc(text, func(link string) string {
		target, label, labelled := strings.Cut(link[1:len(link)-1], "|")
		sign, rest := "", target
		if strings.ContainsRune("@#!", rune(target[0])) {
			sign, rest = target[:1], target[1:]
		}
		switch {
		case sign == "" && strings.HasPrefix(rest, "mailto:"), sign == "" && strings.HasPrefix(rest, "tel:"):
			_, rest, _ = strings.Cut(rest, ":")
			return rest
		case sign == "" && labelled && !strings.Contains(target, label):
			return label + " (" + target + ")"
		case sign == "":
			return target
		case labelled && sign != "!":
			return sign + strings.TrimPrefix(label, sign)
		case labelled:
			return label
		case sign == "!":
			return "@" + rest
		}
		return sign + rest
	}))
}

var slackLink = regexp.MustCompile(`<[^<>|\s][^<>]*>`)
