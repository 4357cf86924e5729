package slack

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"usher/bot"
	"usher/bot/dialogue"
	"usher/flows"
)

// Kinds of links that leads are remembered by.
const (
	linkCard  = "slack.card"  // conversation@home: the place of the card
	linkHome  = "slack.home"  // conversation: the channel the card stands in
	linkShown = "slack.shown" // conversation: hash of what the card shows
	linkNext  = "slack.next"  // conversation: hash of what it is about to show
)

// notify posts the card of a lead that reps should know of; any other event only changes a card that is there. A handoff
// has a call of its own.
func (a *App) notify(ctx context.Context, j bot.Job) error {
	e, err := event(j)
	if err != nil {
		return err
	}
	switch e.Event {
	case dialogue.NotifyQualified, dialogue.NotifyBooked:
		return a.show(ctx, j.ID, e)
	case dialogue.NotifyPassed:
		return a.tellPassed(ctx, j.ID, e)
	case dialogue.NotifyLapsed:
		if err := a.tellLapsed(ctx, j.ID, e.Conversation); err != nil {
			return err
		}
	}
	return a.refresh(ctx, j.ID, e)
}

// follow brings a lead's card up to date; a lead that has a rep has a card.
func (a *App) follow(ctx context.Context, j bot.Job) error {
	e, err := event(j)
	if err != nil {
		return err
	}
	return a.show(ctx, j.ID, e)
}

// summon asks a person to come, in the thread of the card; a team that reads elsewhere is asked there.
func (a *App) summon(ctx context.Context, j bot.Job) error {
	e, err := event(j)
	if err != nil {
		return err
	}
	call := func(c leadCard, who string) (string, []slack.BlockElement) {
		text := ":wave: " + who + " *" + escape(c.who()) + "* asks for a person and waits."
		return text, []slack.BlockElement{
			slack.NewButtonBlockElement(actionJoin, c.Conversation, caption("Join")).WithStyle(slack.StylePrimary), c.reading(),
		}
	}
	if err := a.tell(ctx, j.ID, e, func(c leadCard) (string, []slack.BlockElement) { return call(c, c.called(e.Team)) }); err != nil {
		return err
	}
	home, err := a.homeOf(ctx, e.Conversation)
	if err != nil {
		return err
	}
	team := a.roster().Team(e.Team)
	if team == nil || team.Slack == "" || team.Slack == home {
		return nil
	}
	c, err := a.lead(ctx, e.Conversation)
	if err != nil {
		return err
	}
	text, buttons := call(c, everybody(c.roster, team))
	return a.post(ctx, Post{
		ID: "call-" + j.ID, Channel: team.Slack, Text: text, Blocks: []slack.Block{para(text), slack.NewActionBlock("", buttons...)}, Fallback: a.fallback(),
		Link: toldAt(e.Conversation, "call-"+j.ID),
	})
}

// called are those a call is for: who has the lead, else everybody of the team.
func (c leadCard) called(team string) string {
	t := c.roster.Team(team)
	if rep := cmp.Or(c.Claimed, c.Owner.ID); rep != "" && (t == nil || c.Claimed != "" || !member(t, rep)) {
		return mention(c.roster, rep)
	}
	if t == nil {
		return "Somebody, please:"
	}
	return everybody(c.roster, t)
}

func everybody(r *flows.Roster, t *flows.Team) string {
	var all []string
	for _, rep := range t.Reps {
		all = append(all, mention(r, rep.ID))
	}
	return strings.Join(all, " ")
}

// tellPassed shows who has the lead now, and tells them.
func (a *App) tellPassed(ctx context.Context, id string, e bot.Event) error {
	return a.tell(ctx, id, e, func(c leadCard) (string, []slack.BlockElement) {
		from := "Somebody"
		if n := len(c.Passed); n > 0 {
			from = escape(nameOf(c.roster, c.Passed[n-1]))
		}
		return fmt.Sprintf(":leftwards_arrow_with_hook: %s, this lead is yours now: %s passed it. %s", mention(c.roster, c.Owner.ID), from, quote(c.Because)), nil
	})
}

// tell writes something under a lead's card, which is posted when it is not there yet.
func (a *App) tell(ctx context.Context, id string, e bot.Event, say func(leadCard) (string, []slack.BlockElement)) error {
	if err := a.show(ctx, id, e); err != nil {
		return err
	}
	c, err := a.lead(ctx, e.Conversation)
	if err != nil {
		return err
	}
	home, err := a.homeOf(ctx, e.Conversation)
	if home == "" || err != nil {
		return err
	}
	text, buttons := say(c)
	blocks := []slack.Block{para(text)}
	if len(buttons) > 0 {
		blocks = append(blocks, slack.NewActionBlock("", buttons...))
	}
	return a.post(ctx, Post{ID: "tell-" + id, Channel: home, Under: cardAt(c.Conversation, home), Text: text, Blocks: blocks, Fallback: a.fallback()})
}

// refresh brings a card up to date that is there already.
func (a *App) refresh(ctx context.Context, id string, e bot.Event) error {
	home, err := a.homeOf(ctx, e.Conversation)
	if home == "" || err != nil {
		return err
	}
	return a.show(ctx, id, e)
}

// show posts a lead's card, or updates it where it shows something else. What was posted is compared with what is true
// after that: of two at once, one may have read earlier and posted later.
func (a *App) show(ctx context.Context, id string, e bot.Event) error {
	for {
		c, err := a.lead(ctx, e.Conversation)
		if errors.Is(err, bot.ErrNotFound) {
			return &bot.RetryError{Never: true, Err: err}
		}
		if err != nil {
			return err
		}
		c.Team = cmp.Or(c.Team, e.Team)
		if again, err := a.showOnce(ctx, id, c); err != nil || !again {
			return err
		}
	}
}

// showOnce says whether it posted something.
func (a *App) showOnce(ctx context.Context, id string, c leadCard) (bool, error) {
	was, err := a.homeOf(ctx, c.Conversation)
	if err != nil {
		return false, err
	}
	home := a.home(c, was)
	if home == "" {
		a.log().Warn("a lead has no channel in Slack", "conversation", c.Conversation, "team", c.Team, "rep", c.Owner.ID)
		return false, nil
	}
	blocks := c.blocks()
	hash, err := fingerprint(home, blocks)
	if err != nil {
		return false, err
	}
	if shown, err := a.link(ctx, linkShown, c.Conversation); err != nil || shown == hash {
		return false, err
	}
	if err := a.Links.SaveLink(ctx, linkNext, c.Conversation, hash); err != nil {
		return false, fmt.Errorf("remember the card of %s: %w", c.Conversation, err)
	}
	posts := []Post{{
		ID: "card-" + id + "-" + hash, Channel: home, Link: cardAt(c.Conversation, home), Replace: true,
		Mark: &Mark{LinkTo{linkNext, c.Conversation}, hash}, Text: c.text(), Blocks: blocks, Fallback: a.fallback(),
	}}
	if was != "" && was != home {
		posts = append(posts, a.gone(c, id, was))
	}
	if err := a.post(ctx, posts...); err != nil {
		return false, err
	}
	if err := a.Links.SaveLink(ctx, linkHome, c.Conversation, home); err != nil {
		return false, fmt.Errorf("remember the card of %s: %w", c.Conversation, err)
	}
	if err := a.Links.SaveLink(ctx, linkShown, c.Conversation, hash); err != nil {
		return false, fmt.Errorf("remember the card of %s: %w", c.Conversation, err)
	}
	return true, nil
}

// gone is what stands in place of a card that went to another channel.
func (a *App) gone(c leadCard, id, was string) Post {
	text := "*" + escape(c.who()) + "* is with " + escape(c.Owner.Name) + " now."
	return Post{ID: "gone-" + id + "-" + was, Channel: was, Link: cardAt(c.Conversation, was), Replace: true, Text: text, Blocks: []slack.Block{para(text)}}
}

// home is where a lead's card belongs: the channel of its team, else the rep's own messages, else the fallback. It
// stays where it is as long as the rep's team reads there.
func (a *App) home(c leadCard, was string) string {
	if was != "" && slices.ContainsFunc(c.roster.Teams, func(t *flows.Team) bool { return t.Slack == was && member(t, c.Owner.ID) }) {
		return was
	}
	if t := c.roster.Team(c.Team); t != nil && t.Slack != "" {
		return t.Slack
	}
	if rep := c.roster.Rep(c.Owner.ID); rep != nil && rep.Slack != "" {
		return rep.Slack
	}
	return cmp.Or(a.fallback(), was)
}

func member(t *flows.Team, rep string) bool {
	return rep == "" || slices.ContainsFunc(t.Reps, func(r *flows.Rep) bool { return r.ID == rep })
}

// lead reads a lead as reps see it.
func (a *App) lead(ctx context.Context, conversation string) (leadCard, error) {
	c, err := a.Desk.Card(ctx, conversation)
	if err != nil {
		return leadCard{}, fmt.Errorf("card of %s: %w", conversation, err)
	}
	card := leadCard{Card: c, roster: a.roster(), now: a.now()}
	if a.TranscriptURL != nil {
		card.transcript = a.TranscriptURL(conversation)
	}
	return card, nil
}

// homeOf is the channel a card stands in, "" while there is none.
func (a *App) homeOf(ctx context.Context, conversation string) (string, error) {
	return a.link(ctx, linkHome, conversation)
}

// link reads a link; one that is not there is "".
func (a *App) link(ctx context.Context, kind, key string) (string, error) {
	value, err := a.Links.Link(ctx, kind, key)
	if err != nil && !errors.Is(err, bot.ErrNotFound) {
		return "", fmt.Errorf("read %s of %s: %w", kind, key, err)
	}
	return value, nil
}

func (a *App) fallback() string { return a.roster().Fallback.Slack }

// toldAt remembers a message about a lead that stands outside of its thread.
func toldAt(conversation, post string) *LinkTo { return &LinkTo{linkTold, conversation + " " + post} }

func cardAt(conversation, home string) *LinkTo { return &LinkTo{linkCard, conversation + "@" + home} }

// fingerprint is a short hash of blocks and what goes with them.
func fingerprint(with string, blocks []slack.Block) (string, error) {
	data, err := json.Marshal(blocks)
	if err != nil {
		return "", fmt.Errorf("write blocks: %w", err)
	}
	sum := sha256.Sum256(append(data, with...))
	return hex.EncodeToString(sum[:8]), nil
}
