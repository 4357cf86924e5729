package calendar

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"usher/adapters/guard"
	"usher/bot"
	"usher/flows"
)

// Calendars are the calendars of all reps as the server has them: read in the background, written by jobs, connected by
// their reps.
type Calendars struct {
	Sync     *Sync
	Writing  *Writing
	Cloud    *Cloud
	Accounts Accounts
	// AnswersTo is the address that invitations are from, in letters and in files, under the rep's name, where calendars'
	// answers are read: they go to the ORGANIZER, and one UID has one. "" = the rep's own.
	AnswersTo string
	Page      func(bot.Meeting) string // the reps' page of a meeting; nil = there is none. Set before the bot runs

	bot *bot.Bot
}

// Accounts opens all kinds of calendars as the settings say. Links is where consents are kept; rep finds a rep of the
// roster in force.
func (s Settings) Accounts(links Links, rep func(id string) *flows.Rep) (Accounts, *Cloud, error) {
	if err := s.Check(); err != nil {
		return Accounts{}, nil, err
	}
	allow, err := s.Allowed()
	if err != nil {
		return Accounts{}, nil, err
	}
	client := guard.Client(allow)
	cloud := &Cloud{Settings: s, Links: links, Rep: rep, Now: time.Now}
	return Accounts{CalDAV: CalDAVs{Client: client}.Open, Google: cloud.Open, Microsoft: cloud.Open, Client: client}, cloud, nil
}

// Join makes the calendars of the bot's reps and gives the bot what writes meetings there and what reads a rep's calendars
// within a turn.
func (s Settings) Join(b *bot.Bot) (*Calendars, error) {
	c := &Calendars{bot: b}
	var err error
	if c.Accounts, c.Cloud, err = s.Accounts(b.Store, c.rep); err != nil {
		return nil, fmt.Errorf("calendars: %w", err)
	}
	c.Sync = &Sync{
		Workspace: b.Workspace, Store: b.Store, Accounts: c.Accounts, Meetings: b, Links: b.Store, Now: time.Now, Log: b.Log,
	}
	c.Writing = &Writing{Host: b, Memory: b.Store, Workspace: b.Workspace, Open: c.open, About: c.about, Now: time.Now, Log: b.Log}
	c.Sync.Own, c.Sync.Back = c.Writing.Follow, c.rewrite
	c.Writing.Renew = c.Sync.Renew
	b.Refresh = c.Sync.Refresh
	if b.Carriers == nil {
		b.Carriers = map[string]bot.Carrier{}
	}
	b.Carriers[bot.JobCalendar] = c.Writing.Carry
	if b.Erasers == nil {
		b.Erasers = map[string]bot.Eraser{}
	}
	b.Erasers[Place] = Eraser{c.Writing}
	return c, nil
}

// rewrite has the rep's meetings ahead written once more: what a calendar refused while nobody could sign in was given up.
func (c *Calendars) rewrite(ctx context.Context, rep *flows.Rep) {
	if !Writable(rep) {
		return
	}
	now := time.Now()
	meetings, err := c.bot.MeetingsOf(ctx, rep.ID, now, now.Add(c.bot.Workspace().Horizon()+margin))
	if err == nil {
		err = c.bot.Enqueue(ctx, writings(meetings, now)...)
	}
	if err != nil {
		c.Sync.Log.Error("meetings are not written again", "rep", rep.ID, "err", err)
	}
}

// writings are the jobs that write meetings.
func writings(meetings []bot.Meeting, now time.Time) (jobs []bot.Job) {
	for _, m := range meetings {
		uid := cmp.Or(m.Of, m.UID)
		payload, _ := json.Marshal(bot.Event{Conversation: m.Conversation, Event: "changed", Meeting: uid, Rep: m.Rep}) // strings always marshal
		jobs = append(jobs, bot.Job{
			ID: fmt.Sprintf("again-%s-%d", uid, now.Unix()), Kind: bot.JobCalendar, Key: bot.JobCalendar + " " + uid, Payload: payload,
			RunAt: now, State: bot.JobReady,
		})
	}
	return jobs
}

// open makes the Source of one of a rep's calendars in the workspace in force.
func (c *Calendars) open(rep *flows.Rep, of flows.Calendar) (Source, error) {
	return c.Accounts.Open(c.bot.Workspace().Files, rep, of)
}

// about says to reps who comes, what they told, and where more stands.
func (c *Calendars) about(ctx context.Context, m bot.Meeting) string {
	card, err := c.bot.Card(ctx, m.Conversation)
	if err != nil {
		c.Sync.Log.Warn("a meeting is written without what its visitor told", "meeting", m.UID, "err", err)
	}
	return c.describe(m, told(card, m)...)
}

// describe is who comes and more, with the reps' page of the meeting at the end.
func (c *Calendars) describe(m bot.Meeting, more ...string) string {
	lines := append([]string{m.Name, m.Attendee, m.Phone}, more...)
	if c.Page != nil {
		lines = append(lines, c.Page(m))
	}
	return strings.Join(slices.DeleteFunc(lines, func(s string) bool { return s == "" }), "\n")
}

// told is what the visitor answered beside who they are, and the score it came to.
func told(card bot.Card, m bot.Meeting) (lines []string) {
	for _, a := range card.Answers {
		if !slices.Contains([]string{"", m.Name, m.Attendee, m.Phone}, a.Shown) {
			lines = append(lines, a.Label+": "+a.Shown)
		}
	}
	if card.Grade == "" {
		return lines
	}
	score := "Score " + strconv.FormatFloat(card.Score, 'f', -1, 64) + ", " + card.Grade
	for i, r := range card.Reasons {
		score += []string{": ", "; "}[min(i, 1)] + r.Because
	}
	return append(lines, score)
}

func (c *Calendars) rep(id string) *flows.Rep {
	if w := c.bot.Workspace(); w != nil && w.Roster != nil {
		return w.Roster.Rep(id)
	}
	return nil
}

// organizer is the rep as who invites; a rep who left the roster still stands under their id.
func (c *Calendars) organizer(id string) Organizer {
	if rep := c.rep(id); rep != nil {
		return Organizer{Name: rep.Name, Email: rep.Email}
	}
	return Organizer{Name: id}
}

// inviter is the rep at the address that answers go to.
func (c *Calendars) inviter(m bot.Meeting) Organizer {
	o := c.organizer(m.Rep)
	o.Email = cmp.Or(c.AnswersTo, o.Email)
	return o
}

// Invitation writes a meeting as a file to save.
func (c *Calendars) Invitation(m bot.Meeting) ([]byte, error) {
	return Invitation(m, c.inviter(m))
}

// Letter writes the calendar part of a letter with its METHOD: REQUEST, CANCEL, or none for a file to save.
func (c *Calendars) Letter(m bot.Meeting, method string) ([]byte, error) {
	var others []Organizer
	for _, id := range strings.Fields(m.With) {
		others = append(others, c.organizer(id))
	}
	o := c.inviter(m)
	switch method {
	case "REQUEST":
		return Request(m, o, others, "", time.Now())
	case "CANCEL":
		if bot.InCalendar(m.Because) {
			m.Because = "" // the letter says it in the visitor's language
		}
		return Cancellation(m, o, others, m.Because, time.Now())
	}
	return c.Invitation(m)
}

// Feed writes a rep's meetings for a calendar that subscribes to them: who comes, without what they told, for whoever has
// the address reads it.
func (c *Calendars) Feed(rep string, meetings []bot.Meeting) ([]byte, error) {
	feed := make([]FeedMeeting, len(meetings))
	for i, m := range meetings {
		feed[i] = FeedMeeting{Meeting: m, About: c.describe(m)}
		if c.Page != nil {
			feed[i].Page = c.Page(m)
		}
	}
	return Feed(c.organizer(rep).Name, feed)
}

// connectedWait is how long a rep who has connected a calendar waits to hear so while it is read.
const connectedWait = 5 * time.Second

// Complete takes what the provider's page gave; see Cloud.Complete. The calendar is read at once: until it is, its rep is
// not offered.
func (c *Calendars) Complete(ctx context.Context, state, code, refused string) (Connected, error) {
	done, err := c.Cloud.Complete(ctx, state, code, refused)
	if err != nil {
		return done, err
	}
	ctx, cancel := context.WithTimeout(ctx, connectedWait)
	defer cancel()
	if err := c.Sync.Renew(ctx, done.Rep); err != nil {
		c.Sync.Log.Warn("a calendar is connected and cannot be read yet", "rep", done.Rep, "err", err)
	}
	return done, nil
}

// Connectable are the rep's calendars at Google and Microsoft, which the rep connects.
func (c *Calendars) Connectable(rep string) (out []Connected) {
	r := c.rep(rep)
	if r == nil {
		return nil
	}
	for _, provider := range Connectable(r) {
		out = append(out, Connected{Rep: rep, Provider: provider, Account: r.Email})
	}
	return out
}
