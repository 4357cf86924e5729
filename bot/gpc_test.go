package bot_test

import (
	"testing"

	"usher/bot"
	"usher/bot/dialogue"
	"usher/flows"
)

func TestGlobalPrivacyControl(t *testing.T) {
	s := newStage(t)
	visit := flows.Visit{Page: "/pricing", Title: "Prices", Referrer: "https://search.example", UTM: map[string]string{"source": "ads"}, Channel: "web", Language: "en", GPC: true}
	a, err := s.Arrive(t.Context(), bot.Arrival{Site: "acme", Visit: visit})
	must(t, err)
	must(t, s.See(t.Context(), a.Conversation.ID, a.Visitor.ID, dialogue.Visited{Page: "/secret"}))
	again, err := s.Arrive(t.Context(), bot.Arrival{Token: a.Token, Site: "acme", Visit: visit})
	must(t, err)
	c := s.state(a)
	if v := c.Visit; !v.GPC || v.Page != "" || v.Title != "" || v.Referrer != "" || len(v.UTM) > 0 || len(v.Pages) > 0 || v.Visits != 0 {
		t.Errorf("kept %+v", v)
	}
	if c.Language != "en" {
		t.Errorf("language %q", c.Language)
	}
	kept, err := s.Who(t.Context(), again.Token, "acme")
	must(t, err)
	if len(kept.Data.Pages) > 0 || kept.Data.Visits != 0 {
		t.Errorf("of the visitor %+v", kept.Data)
	}
	s.replays(a)
}
