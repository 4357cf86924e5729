package slack

import (
	"regexp"
	"slices"
	"strconv"
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

// link is a link that comes alive, when it is one to a website or an address; else it is its words.
func link(address, label string) string {
	if !strings.HasPrefix(address, "https://") && !strings.HasPrefix(address, "http://") && !strings.HasPrefix(address, "mailto:") {
		return escape(label)
	}
	address = strings.NewReplacer("<", "%3C", ">", "%3E", "|", "%7C", " ", "%20", "\n", "", "&", "&amp;").Replace(address)
	return "<" + address + "|" + escape(strings.NewReplacer("|", "¦", "\n", " ").Replace(label)) + ">"
}

// mrkdwn makes Slack's markup of an author's Markdown. What people wrote, wherever the author repeats it, stays words:
// nothing of Markdown's nor of Slack's own comes alive in it.
func mrkdwn(text string, wrote ...string) string {
	m := markup{}
	text = control.ReplaceAllString(text, "")
	text = m.people(text, wrote)
	text = code.ReplaceAllStringFunc(text, func(s string) string { return m.keep(escape(s)) })
	text = image.ReplaceAllStringFunc(text, m.link)
	text = escape(text)
	text = heading.ReplaceAllString(text, "\x02$1\x02")
	text = bullet.ReplaceAllString(text, "$1• ")
	text = bold.ReplaceAllString(text, "\x02$2\x02")
	text = struck.ReplaceAllString(text, "~$1~")
	text = slant.ReplaceAllString(text, "${1}_${2}_")
	text = strings.ReplaceAll(text, "\x02", "*")
	return m.restore(text)
}

var (
	control = regexp.MustCompile(`[\x00-\x08\x0b\x0c\x0e-\x1f]`)
	code    = regexp.MustCompile("(?s)```.*?```|`[^`\n]+`")
	image   = regexp.MustCompile(`!?\[([^\[\]\n]+)\]\(([^()\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#{1,6} +(.+?) *#*$`)
	bullet  = regexp.MustCompile(`(?m)^( *)[-*+] +`)
	bold    = regexp.MustCompile(`(\*\*|__)([^\s*_](?:[^\n]*?[^\s*_])?)(?:\*\*|__)`)
	struck  = regexp.MustCompile(`~~([^~\n]+)~~`)
	slant   = regexp.MustCompile(`(^|[^\w*])\*([^\s*](?:[^*\n]*[^\s*])?)\*`)
	kept    = regexp.MustCompile("\x00(\\d+)\x01")
)

// markup keeps what is finished out of the way of what is to come.
type markup struct{ parts []string }

func (m *markup) keep(part string) string {
	m.parts = append(m.parts, part)
	return "\x00" + strconv.Itoa(len(m.parts)-1) + "\x01"
}

// people keeps what people wrote, where there is anything in it that could come alive; the longest first, for one may
// be part of another.
func (m *markup) people(text string, wrote []string) string {
	wrote = slices.Clone(wrote)
	slices.SortFunc(wrote, func(a, b string) int { return len(b) - len(a) })
	for _, w := range slices.Compact(wrote) {
		w = strings.TrimSpace(control.ReplaceAllString(w, ""))
		if !strings.ContainsAny(w, "*_~`[]()<>&#!|+-") {
			continue
		}
		pieces := kept.Split(text, -1)
		marks := kept.FindAllString(text, -1)
		for i := range pieces {
			if strings.Contains(pieces[i], w) {
				pieces[i] = strings.ReplaceAll(pieces[i], w, m.keep(escape(w)))
			}
			if i < len(marks) {
				pieces[i] += marks[i]
			}
		}
		text = strings.Join(pieces, "")
	}
	return text
}

// link keeps a link of the author; words of people in it are no part of its address.
func (m *markup) link(source string) string {
	parts := image.FindStringSubmatch(source)
	if kept.MatchString(parts[2]) {
		return m.restore(escape(parts[1]))
	}
	label := plainWords(m.restore(escape(parts[1])))
	return m.keep(link(parts[2], label))
}

func plainWords(text string) string { return unescapes.Replace(text) }

func (m *markup) restore(text string) string {
	for range 3 { // what is kept may hold what was kept before
		text = kept.ReplaceAllStringFunc(text, func(mark string) string {
			n, err := strconv.Atoi(mark[1 : len(mark)-1])
			if err != nil || n >= len(m.parts) {
				return ""
			}
			return m.parts[n]
		})
	}
	return text
}
