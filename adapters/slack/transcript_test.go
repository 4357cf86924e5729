package slack

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"usher/bot"
)

func TestTranscript(t *testing.T) {
	t.Run("every word is there, within the limits", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			said := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) bot.Message {
				return bot.Message{
					From: rapid.SampledFrom([]string{bot.FromVisitor, bot.FromBot, bot.FromRep}).Draw(t, "from"), Name: "Asha <Rao>", At: noon,
					Text: strings.Repeat(rapid.SampledFrom([]string{"yes ", "<!channel>", "😀", "line\n"}).Draw(t, "text"), rapid.IntRange(0, 900).Draw(t, "times")),
				}
			}), 0, 20).Draw(t, "said")
			blocks := linesOf(said)
			for len(blocks) > 0 {
				n := min(len(blocks), maxFull)
				if err := checkBlocks(blocks[:n]); err != nil {
					t.Fatal(err)
				}
				blocks = blocks[n:]
			}
			shown, wrote := 0, 0
			for _, text := range texts(linesOf(said)) {
				shown += strings.Count(text, "yes") + strings.Count(text, "&lt;!channel&gt;") + strings.Count(text, "😀") + strings.Count(text, "line")
				if strings.Contains(text, "<!channel") {
					t.Fatal("it came alive")
				}
			}
			for _, m := range said {
				wrote += strings.Count(m.Text, "yes") + strings.Count(m.Text, "<!channel>") + strings.Count(m.Text, "😀") + strings.Count(m.Text, "line")
			}
			if off := wrote - shown; off < 0 || off > 3*len(said) { // a word that is cut in two is not counted
				t.Fatalf("%d of %d are shown", shown, wrote)
			}
		})
	})
}
