package slack

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"pgregory.net/rapid"

	"usher/bot"
	"usher/bot/dialogue"
	"usher/flows"
)

var update = flag.Bool("update", false, "write the golden files anew")

var (
	noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	desk = &flows.Roster{
		Reps:  []*flows.Rep{{ID: "asha", Name: "Asha Rao", Slack: "U1"}, {ID: "ben", Name: "Ben Vogel", Slack: "U2"}, {ID: "cora", Name: "Cora <Diaz>"}},
		Teams: []*flows.Team{{ID: "sales", Slack: "C1"}},
	}
)

// priya is a lead as it is when all is known.
func priya() bot.Card {
	return bot.Card{
		Conversation: "c0ffee", Stage: "booked", Grade: "hot", Score: 72.5, Team: "sales", Language: "en", Timezone: "Asia/Kolkata",
		Lead:    bot.Lead{ID: "c0ffee", Name: "Priya Sharma", Email: "priya@bigco.example", Phone: "+91 98765 43210", Company: "BigCo"},
		Parts:   []bot.CardPart{{Name: "fit", Points: 32.5}, {Name: "need", Points: 40}},
		Reasons: []dialogue.Reason{{Points: 40, Part: "need", Because: "wants a demo"}, {Points: 42.5, Part: "fit", Because: "100 seats or more"}, {Points: -10, Because: "free address"}},
		Answers: []bot.CardAnswer{{Field: "goal", Label: "Goal", Shown: "See a demo"}, {Field: "team_size", Label: "Team size", Shown: "250"}},
		Source:  "newsletter", Pages: []flows.PageView{{Path: "/"}, {Path: "/pricing"}},
		Meeting: &bot.Meeting{Rep: "asha", Start: noon.Add(24 * time.Hour), End: noon.Add(25 * time.Hour), Status: bot.Confirmed, Title: "Demo", Place: "https://meet.example/asha"},
		Owner:   bot.CardRep{ID: "asha", Name: "Asha Rao"}, Because: "Sales team: team size is 250; Asha is next by fair share", Began: noon,
	}
}

func card(c bot.Card) leadCard { return leadCard{Card: c, roster: desk, now: noon} }

func TestCard(t *testing.T) {
	hostile := priya()
	hostile.Lead.Name, hostile.Lead.Company = "<!channel> Priya\n*Score 100*", "<https://evil.example|BigCo> & \u202esons"
	hostile.Answers[0].Shown = "<@U1> see https://evil.example\n• Score: 100"
	hostile.Pages = []flows.PageView{{Path: "/<!here>"}}
	hostile.Source, hostile.Because = "<!subteam^S1>", "city is <!everyone>"
	hostile.Meeting, hostile.WhyNoMeeting = nil, "disqualified: <@U2>"

	for name, c := range map[string]bot.Card{
		"booked":  priya(),
		"new":     {Conversation: "c1", Stage: "open", WhyNoMeeting: "the conversation goes on", Began: noon},
		"claimed": with(func(c *bot.Card) { c.Claimed, c.ClaimedAt = "asha", noon }),
		"snoozed": with(func(c *bot.Card) { c.SnoozedUntil = noon.Add(time.Hour) }),
		"live":    with(func(c *bot.Card) { c.Claimed, c.Joined = "asha", "asha" }),
		"unknown": with(func(c *bot.Card) { c.Owner = bot.CardRep{ID: "cora", Name: "Cora <Diaz>"} }),
		"hostile": hostile,
		"back": with(func(c *bot.Card) {
			c.Stage, c.First = bot.StageSAL, bot.Source{UTM: map[string]string{"source": "<!channel>"}, At: noon.Add(-48 * time.Hour)}
			c.Earlier = []bot.CardTalk{
				{Began: noon.Add(-24 * time.Hour), Flow: "book-a-demo", Channel: "slack", End: flows.Nurture}, {Began: noon.Add(-48 * time.Hour), Flow: "ask", Channel: "web", Booked: true},
			}
			c.MoreEarlier = 3
		}),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := json.MarshalIndent(map[string]any{"text": card(c).text(), "blocks": card(c).blocks()}, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			golden(t, "card/"+name+".json", unescaped(got))
		})
	}

	t.Run("what a person wrote never comes alive", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			evil := rapid.SampledFrom([]string{"<!channel>", "<@U1>", "<#C1>", "<https://evil.example|click>", "<!here|x>"}).Draw(t, "evil") +
				rapid.String().Draw(t, "more")
			c := bot.Card{
				Lead:    bot.Lead{Name: evil, Email: evil, Phone: evil, Company: evil},
				Answers: []bot.CardAnswer{{Label: evil, Shown: evil}}, Pages: []flows.PageView{{Path: evil}}, Source: evil, Because: evil,
				Reasons: []dialogue.Reason{{Because: evil, Part: evil}}, Parts: []bot.CardPart{{Name: evil}}, WhyNoMeeting: evil, Language: evil,
			}
			all := card(c).text()
			for _, text := range texts(card(c).blocks()) {
				all += text
			}
			if i := strings.Index(all, "<"); i >= 0 {
				t.Fatalf("alive: %q", all[i:min(i+40, len(all))])
			}
		})
	})

	t.Run("a card stays within the limits however much there is to say", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			long := strings.Repeat(rapid.SampledFrom([]string{"<", "long ", "漢", "😀", "&"}).Draw(t, "unit"), rapid.IntRange(1, 5000).Draw(t, "times"))
			n := rapid.IntRange(0, 120).Draw(t, "n")
			c := bot.Card{Lead: bot.Lead{Name: long, Company: long, Email: long}, Because: long, Source: long, WhyNoMeeting: long}
			for range n {
				c.Answers = append(c.Answers, bot.CardAnswer{Label: "x", Shown: long})
				c.Reasons = append(c.Reasons, dialogue.Reason{Because: long})
				c.Pages = append(c.Pages, flows.PageView{Path: long})
			}
			for range n / 6 {
				c.Parts = append(c.Parts, bot.CardPart{Name: long})
			}
			blocks := card(c).blocks()
			if err := checkBlocks(blocks); err != nil {
				t.Fatal(err)
			}
		})
	})

	t.Run("a long text is cut into parts that fit, and nothing of it is lost", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			text := rapid.StringOf(rapid.RuneFrom([]rune("ab<>&😀漢\n "))).Draw(t, "text")
			all := parts(text, 20)
			for _, p := range all {
				if length(p) > 20 {
					t.Fatalf("part of %d", length(p))
				}
			}
			squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
			if got := squeeze(unescapes.Replace(strings.Join(all, ""))); got != squeeze(text) {
				t.Fatalf("%q became %q", text, all)
			}
		})
	})

	t.Run("what does not fit is counted, not swallowed", func(t *testing.T) {
		c := priya()
		for i := range 200 {
			c.Answers = append(c.Answers, bot.CardAnswer{Label: fmt.Sprint("Field ", i), Shown: strings.Repeat("x", 90)})
		}
		text := card(c).answers()
		lines := strings.Split(text, "\n")
		last := lines[len(lines)-1]
		if want := fmt.Sprintf("_… and %d more_", 202-(len(lines)-2)); last != want {
			t.Errorf("ends with %q, want %q", last, want)
		}
		if got := clip(strings.Repeat("x", 400), 300); !strings.HasSuffix(got, "… (+112)") || length(got) > 300 {
			t.Errorf("cut to %q (%d)", got[280:], length(got))
		}
	})
}

func with(change func(*bot.Card)) bot.Card {
	c := priya()
	change(&c)
	return c
}

// texts are all texts of the blocks in which Slack's own marks would be read, without those we make: mentions and dates.
func texts(blocks []slack.Block) []string {
	var all []string
	for _, b := range blocks {
		switch b := b.(type) {
		case *slack.HeaderBlock:
			all = append(all, b.Text.Text)
		case *slack.SectionBlock:
			if b.Text != nil {
				all = append(all, b.Text.Text)
			}
			for _, f := range b.Fields {
				all = append(all, f.Text)
			}
		}
	}
	return all
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, append(got, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != string(got)+"\n" {
		t.Errorf("%s is now\n%s", file, got)
	}
}

// unescaped is JSON as people read it.
func unescaped(data []byte) []byte {
	return []byte(strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(data)))
}
