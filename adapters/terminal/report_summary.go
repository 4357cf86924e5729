package terminal

import (
	"fmt"
	"math"

	"usher/bot"
)

// summary prints the main figures in plain words.
func (p *page) summary() {
	p.printf("\n")
	for _, f := range typed[bot.Figure](p.lines) {
		p.printf("  %s\n", p.figure(f))
	}
}

// numbers are the figures that are numbers of something: one, and more.
var numbers = map[string][2]string{
	bot.FigureConversations: {"conversation", "conversations"},
	bot.FigureLeads:         {"new person", "new people"},
	bot.FigureMQL:           {"person qualified for a talk (MQL)", "people qualified for a talk (MQL)"},
	bot.FigureSQL:           {"person qualified by sales (SQL)", "people qualified by sales (SQL)"},
	bot.FigureWon:           {"customer won", "customers won"},
	bot.FigureMeetings:      {"meeting on the calendar", "meetings on the calendar"},
}

func (p *page) figure(f bot.Figure) string {
	if words, ok := numbers[f.Figure]; ok {
		return count(int(f.Now), words[0], words[1]) + ", " + p.against(f)
	}
	switch {
	case f.Figure == bot.FigureShow && f.Of == 0:
		return "No meeting was to be held yet"
	case f.Figure == bot.FigureShow:
		return fmt.Sprintf("%.0f %%%s of the %d meetings that are over were held%s", 100*f.Now, p.mark(f.Of < bot.FewCounted), f.Of, p.was(f, fmt.Sprintf("%.0f %%", 100*f.Before)))
	case f.Figure == bot.FigureSpeed && f.Of == 0:
		return "Nobody who wanted a person has had one yet"
	case f.Figure == bot.FigureSpeed:
		return fmt.Sprintf("Half of the %d who had a person or a meeting had them within %s%s", f.Of, took(f.Now), p.was(f, took(f.Before)))
	case f.Of == 0:
		return "Nobody wanted a person"
	}
	return fmt.Sprintf("%.0f %%%s of the %d who wanted a person had one within five minutes%s", 100*f.Now, p.mark(f.Of < bot.FewCounted), f.Of, p.was(f, fmt.Sprintf("%.0f %%", 100*f.Before)))
}

// was is a figure of the days before.
func (p *page) was(f bot.Figure, text string) string {
	if f.OfThen == 0 {
		return ""
	}
	return ", " + text + p.mark(f.OfThen < bot.FewCounted) + " before"
}

// against says how a number stands to the one before.
func (p *page) against(f bot.Figure) string {
	switch {
	case f.Before == 0 && f.Now == 0:
		return "as before"
	case f.Before == 0:
		return "none before"
	case f.Before == f.Now:
		return "as many as before"
	}
	word := "more"
	if f.Now < f.Before {
		word = "fewer"
	}
	return fmt.Sprintf("%.0f %%%s %s than before (%.0f)", 100*math.Abs(f.Now-f.Before)/f.Before, p.mark(f.Before < bot.FewCounted), word, f.Before)
}
