package slack

import (
	"slices"
	"testing"

	"usher/adapters/slack/slackfake"
	"usher/bot"
)

func TestErasingDeletesWhatAJobPostedWithoutComingToSaySo(t *testing.T) {
	h := build(t, slackfake.Options{Unlimited: true}, talk)
	c := h.channel("C1")
	for _, p := range []Post{
		{ID: "card-of-priya-1", Channel: c, Text: "Priya"},
		{ID: "word-of-priya-2", Channel: "U1", Text: "Priya"},
		{ID: "card-of-omar-1", Channel: c, Text: "Omar"},
		{ID: "never-priya-3", Channel: c, Text: "Priya was never posted"},
	} {
		h.must(h.post(t.Context(), p))
	}
	jobs, err := h.memory.Claim(t.Context(), h.clock.now(), bot.JobLease, 9)
	h.must(err)
	for len(jobs) > 0 { // one of a channel at a time
		for _, j := range jobs {
			if j.ID != "never-priya-3" {
				h.must(h.carrySend(t.Context(), j))
			}
			if j.ID == "card-of-omar-1" {
				j.State = bot.JobDone
			} else {
				j.State = bot.JobDead // given up after an answer that never came
			}
			h.must(h.memory.Finish(t.Context(), j))
		}
		jobs, err = h.memory.Claim(t.Context(), h.clock.now(), bot.JobLease, 9)
		h.must(err)
	}
	rows, err := h.memory.Records(t.Context(), bot.Subject{Words: []string{"of-priya", "never-priya"}})
	h.must(err)
	eraser := Eraser{h.App}
	targets := eraser.Trace(bot.Subject{}, rows).Targets
	if len(targets) != 3 {
		t.Fatalf("%s", targets)
	}
	for range 2 {
		for _, target := range targets {
			if left, err := eraser.Erase(t.Context(), target); left != "" || err != nil {
				t.Error(left, err)
			}
		}
	}
	if got := h.texts(c); !slices.Equal(got, []string{"Omar"}) {
		t.Errorf("the channel has %q", got)
	}
	if got := h.texts(h.fake.DM("U1")); len(got) > 0 {
		t.Errorf("User 1 has %q", got)
	}
}
