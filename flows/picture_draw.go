package flows

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
)

// pictureStyle has the colours: the kinds of end, what waits for whom, light and dark.
const pictureStyle = `
svg{font:13px/1.3 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;--paper:#fff;--ink:#1f2937;--soft:#6b7280;--line:#94a3b8;--box:#f8fafc;--edge:#cbd5e1;
--ask:#eff6ff;--ask-edge:#3b82f6;--meet:#f5f3ff;--meet-edge:#8b5cf6;--good:#dcfce7;--good-edge:#16a34a;--bad:#fee2e2;--bad-edge:#dc2626;--wait:#fef3c7;--wait-edge:#d97706;--keep:#e0f2fe;--keep-edge:#0284c7}
@media (prefers-color-scheme:dark){svg{--paper:#0f172a;--ink:#e5e7eb;--soft:#9ca3af;--line:#64748b;--box:#1e293b;--edge:#475569;
--ask:#172554;--ask-edge:#60a5fa;--meet:#2e1065;--meet-edge:#a78bfa;--good:#052e16;--good-edge:#4ade80;--bad:#450a0a;--bad-edge:#f87171;--wait:#451a03;--wait-edge:#fbbf24;--keep:#082f49;--keep-edge:#38bdf8}}
.paper{fill:var(--paper)}text{fill:var(--ink)}.title{font-size:18px;font-weight:600}.id{font-weight:600}.does{fill:var(--soft)}
.box{fill:var(--box);stroke:var(--edge);stroke-width:1.5}.ask{fill:var(--ask);stroke:var(--ask-edge)}.book,.handoff{fill:var(--meet);stroke:var(--meet-edge)}
.qualified{fill:var(--good);stroke:var(--good-edge)}.disqualified{fill:var(--bad);stroke:var(--bad-edge)}.waitlist{fill:var(--wait);stroke:var(--wait-edge)}.nurture{fill:var(--keep);stroke:var(--keep-edge)}
.way{fill:none;stroke:var(--line);stroke-width:1.5}.head{fill:var(--line)}.on{fill:var(--paper)}.if{font-size:11px;fill:var(--soft);text-anchor:middle}
`

// loopRoom is what a way from a step to itself takes to the right of it.
const loopRoom = 30.0

func (p *picture) draw(b *strings.Builder, down float64) {
	fmt.Fprintf(b, "<g transform=\"translate(0 %s)\">\n<text class=\"title\" x=\"%s\" y=\"%s\">%s</text>\n",
		number1(down), number1(margin), number1(margin+14), inXML(firstOf(p.flow.Title.String(), p.flow.ID)))
	for _, l := range p.links {
		p.way(b, l)
	}
	for i := range p.nodes {
		n := &p.nodes[i]
		switch {
		case n.step != nil:
			p.box(b, n)
		case len(n.words) > 0:
			p.label(b, n)
		default:
			top, bottom := p.tops[n.layer], p.tops[n.layer]+p.heights[n.layer]
			if bottom > top {
				fmt.Fprintf(b, "<path class=\"way\" d=\"M%s %sV%s\"/>\n", number1(n.x), number1(top), number1(bottom))
			}
		}
	}
	for _, i := range p.loops {
		n := &p.nodes[i]
		x, y := n.x+n.w/2, p.top(n)+n.h/2
		fmt.Fprintf(b, "<path class=\"way\" d=\"M%s %sc%s -18 %s 18 6 6\"/>\n", number1(x), number1(y), number1(loopRoom), number1(loopRoom))
		p.head(b, x, y+6, 2)
	}
	b.WriteString("</g>\n")
}

// top is where a node begins: steps hang from the top of their layer, words stand in its middle.
func (p *picture) top(n *pictureNode) float64 {
	if n.step != nil {
		return p.tops[n.layer]
	}
	return p.tops[n.layer] + (p.heights[n.layer]-n.h)/2
}

// way draws a link from the end of one node to the beginning of the next.
func (p *picture) way(b *strings.Builder, l pictureLink) {
	above, below := &p.nodes[l.above], &p.nodes[l.below]
	x1, y1 := above.x, p.tops[above.layer]+p.heights[above.layer]
	x2, y2 := below.x, p.tops[below.layer]
	from, to := y1, y2
	if above.step != nil {
		from = p.top(above) + above.h
		x1 += p.port(above, l.below)
	} else if above.w > 0 {
		from = p.top(above) + above.h
	}
	if below.w > 0 {
		to = p.top(below)
	}
	if l.arrow > 0 {
		to -= headLength
	}
	if l.arrow < 0 {
		from += headLength
	}
	middle := (y2 - y1) / 2
	fmt.Fprintf(b, "<path class=\"way\" d=\"M%s %sV%sC%s %s %s %s %s %sV%s\"/>\n", number1(x1), number1(from), number1(y1),
		number1(x1), number1(y1+middle), number1(x2), number1(y2-middle), number1(x2), number1(y2-map[bool]float64{true: headLength}[l.arrow > 0]), number1(to))
	switch l.arrow {
	case 1:
		p.head(b, x2, to+headLength, 0)
	case -1:
		p.head(b, x1, from-headLength, 1)
	}
}

// port is how far from the middle of a step a way leaves it: ways that lead left leave to the left.
func (p *picture) port(n *pictureNode, to int) float64 {
	left, right := 0, 0
	for _, d := range n.down {
		switch {
		case d == to:
		case p.nodes[d].x < p.nodes[to].x:
			left++
		default:
			right++
		}
	}
	if left+right == 0 {
		return 0
	}
	spread := min(n.w*0.6, 40*float64(left+right))
	return spread * (float64(left)/float64(left+right) - 0.5)
}

const headLength = 7.0

// head draws an arrow's head with its tip at a place: down, up or to the left.
func (p *picture) head(b *strings.Builder, x, y float64, way int) {
	form := []string{"l-4.5 -8h9z", "l-4.5 8h9z", "l8 -4.5v9z"}[way]
	fmt.Fprintf(b, "<path class=\"head\" d=\"M%s %s%s\"/>\n", number1(x), number1(y), form)
}

func (p *picture) box(b *strings.Builder, n *pictureNode) {
	s := n.step
	kind, radius := "say", 6.0
	switch {
	case s.Ask != nil:
		kind = "ask"
	case s.Book != nil:
		kind = "book"
	case s.Handoff != nil:
		kind = "handoff"
	case s.End != nil:
		kind, radius = s.End.Kind, 18
	}
	x, y := n.x-n.w/2, p.top(n)
	fmt.Fprintf(b, "<g><title>%s</title><rect class=\"box %s\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"%s\"/>", inXML(s.ID+s.full()), kind, number1(x), number1(y), number1(n.w), number1(n.h), number1(radius))
	for i, line := range n.words {
		class := map[int]string{0: ` class="id"`}[i]
		if i > 0 && i == 1 && s.doing() != "" {
			class = ` class="does"`
		}
		fmt.Fprintf(b, "<text%s x=\"%s\" y=\"%s\">%s</text>", class, number1(x+boxPad), number1(y+boxPad+boxLine*float64(i)+12), inXML(line))
	}
	b.WriteString("</g>\n")
}

func (p *picture) label(b *strings.Builder, n *pictureNode) {
	top := p.top(n)
	bottom := p.tops[n.layer] + p.heights[n.layer]
	if bottom > top+n.h {
		fmt.Fprintf(b, "<path class=\"way\" d=\"M%s %sV%s\"/>\n", number1(n.x), number1(top+n.h), number1(bottom))
	}
	fmt.Fprintf(b, "<g><rect class=\"on\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/>", number1(n.x-n.w/2), number1(top), number1(n.w), number1(n.h))
	for i, line := range n.words {
		fmt.Fprintf(b, "<text class=\"if\" x=\"%s\" y=\"%s\">%s</text>", number1(n.x), number1(top+labelPad/2+labelLine*float64(i)+11), inXML(line))
	}
	b.WriteString("</g>\n")
}

// doing is what a step does, in a few words.
func (s *Step) doing() string {
	switch {
	case s.Ask != nil:
		return "asks for " + s.Ask.Name
	case s.Book != nil:
		return fmt.Sprintf("books %d minutes", s.Book.Minutes)
	case s.Handoff != nil && s.Handoff.Team != "":
		return "calls " + s.Handoff.Team
	case s.Handoff != nil:
		return "calls a person"
	case s.End != nil:
		return strings.TrimSpace("ends: " + s.End.Kind + " " + s.End.Reason)
	}
	return ""
}

// full is all that a step says, for whoever points at its box.
func (s *Step) full() string {
	if s.Say == nil {
		return ""
	}
	return ": " + s.Say.String()
}

// pictureWords are the lines in a step's box.
func (s *Step) pictureWords() []string {
	room := boxWidth - 2*boxPad
	words := wrapText(s.ID, room, 1)
	if doing := s.doing(); doing != "" {
		words = append(words, wrapText(doing, room, 1)...)
	}
	if s.Say != nil {
		words = append(words, wrapText(s.Say.String(), room, boxLines)...)
	}
	return words
}

// textWidth is about how wide a text is in 13 pixel letters.
func textWidth(s string) (width float64) {
	for _, r := range s {
		width += letterWidth(r)
	}
	return width
}

func letterWidth(r rune) float64 {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case isWide(r):
		return 13.5
	case strings.ContainsRune("iljtfrI.,:;'!|()[]{} ", r):
		return 4.4
	case strings.ContainsRune("mwMW@", r) || unicode.IsUpper(r):
		return 9.6
	}
	return 7.3
}

// wrapText breaks a text into lines of at most that width; what does not fit in the most lines ends with ….
func wrapText(s string, width float64, most int) (lines []string) {
	line, room := "", 0.0
	add := func() {
		lines = append(lines, strings.TrimSpace(line))
		line, room = "", 0
	}
	for _, word := range strings.Fields(s) {
		if len(lines) > most {
			break
		}
		wide := textWidth(word)
		if line != "" && room+4.4+wide > width {
			add()
		}
		if line != "" {
			line, room = line+" ", room+4.4
		}
		for _, r := range word { // a word wider than a line is broken anywhere
			if w := letterWidth(r); room+w > width && line != "" {
				add()
			}
			line, room = line+string(r), room+letterWidth(r)
		}
	}
	if line != "" {
		add()
	}
	if len(lines) > most {
		lines = lines[:most]
		lines[most-1] = strings.TrimRight(lines[most-1], " .,") + "…"
	}
	return lines
}

// inXML is text in XML: escaped, without characters that XML has not.
func inXML(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == '\ufffe' || r == '\uffff' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(s)
}

// number1 is a length with one digit.
func number1(f float64) string { return strconv.FormatFloat(math.Round(f*10)/10, 'f', -1, 64) }
