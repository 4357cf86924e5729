package calendar

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"usher/bot"
	"usher/flows"
)

// hostFake is the bot as far as calendars know it: meetings, and what was told of them.
type hostFake struct {
	mu       sync.Mutex
	meetings map[string]bot.Meeting
	links    map[string]string
	told     []string
}

func newHostFake(list ...bot.Meeting) *hostFake {
	h := &hostFake{meetings: map[string]bot.Meeting{}, links: map[string]string{}}
	for _, m := range list {
		h.meetings[m.UID] = m
	}
	return h
}

func (h *hostFake) Meeting(_ context.Context, uid string) (bot.Meeting, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	m, ok := h.meetings[uid]
	if !ok {
		return m, bot.ErrNotFound
	}
	return m, nil
}

// change makes the next version of a meeting.
func (h *hostFake) change(uid, told string, change func(*bot.Meeting)) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	m, ok := h.meetings[uid]
	if !ok || m.Status != bot.Confirmed {
		return bot.ErrNotFound
	}
	change(&m)
	m.Sequence++
	h.meetings[uid] = m
	h.told = append(h.told, told)
	return nil
}

func (h *hostFake) Clash(_ context.Context, uid, because string) error {
	return h.change(uid, "clash: "+because, func(m *bot.Meeting) { m.Status, m.Clashed = bot.Cancelled, true })
}

func (h *hostFake) Shifted(_ context.Context, uid string, start, end time.Time) error {
	return h.change(uid, "shifted to "+start.Format("15:04"), func(m *bot.Meeting) { m.Start, m.End = start, end })
}

func (h *hostFake) Cancel(_ context.Context, uid, because string) error {
	return h.change(uid, "cancel: "+because, func(m *bot.Meeting) { m.Status = bot.Cancelled })
}

func (h *hostFake) Placed(_ context.Context, uid, place string) error {
	return h.change(uid, "placed: "+place, func(m *bot.Meeting) { m.Place = place })
}

func (h *hostFake) Link(_ context.Context, kind, key string) (string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if v, ok := h.links[kind+" "+key]; ok {
		return v, nil
	}
	return "", bot.ErrNotFound
}

func (h *hostFake) SaveLink(_ context.Context, kind, key, value string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.links[kind+" "+key] = value
	return nil
}

// heard is what was told since the last time.
func (h *hostFake) heard() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	out := strings.Join(h.told, "; ")
	h.told = nil
	return out
}

// writingHouse is a small team whose meetings are written.
type writingHouse struct {
	*hostFake
	t       *testing.T
	roster  *flows.Roster
	writing *Writing
	log     *strings.Builder
	clock   time.Time
}

// newWritingHouse has Asha and Ben with calendars on two servers, and Cora with a file.
func newWritingHouse(t *testing.T, asha, ben flows.Calendar, list ...bot.Meeting) *writingHouse {
	h := &writingHouse{hostFake: newHostFake(list...), t: t, log: &strings.Builder{}, clock: noon}
	h.roster = &flows.Roster{Reps: []*flows.Rep{
		{ID: "asha", Name: "Asha Rao", Email: "asha@acme.example", Location: time.UTC, Calendars: []flows.Calendar{asha}},
		{ID: "ben", Name: "Ben Okri", Email: "ben@acme.example", Location: time.UTC, Calendars: []flows.Calendar{ben}},
		{ID: "cora", Name: "Cora", Email: "cora@acme.example", Calendars: []flows.Calendar{{File: "cora.ics"}}},
	}}
	h.writing = h.node()
	return h
}

// node is one of several programs over one database.
func (h *writingHouse) node() *Writing {
	return &Writing{
		Host: h.hostFake, Memory: h.hostFake, Log: slog.New(slog.NewTextHandler(h.log, nil)),
		Workspace: func() *flows.Workspace { return &flows.Workspace{Roster: h.roster} },
		Open:      CalDAVs{Client: &http.Client{Timeout: 5 * time.Second}, Now: func() time.Time { return noon }}.Open,
		Now:       func() time.Time { return h.clock },
	}
}

func job(uid string) bot.Job {
	payload, _ := json.Marshal(bot.Event{Event: "changed", Meeting: uid}) // strings always marshal
	return bot.Job{ID: "j", Kind: bot.JobCalendar, Payload: payload}
}

func (h *writingHouse) carry() error {
	h.clock = h.clock.Add(time.Second)
	return h.writing.Carry(h.t.Context(), job(meeting.UID))
}

func (h *writingHouse) mustCarry() {
	h.t.Helper()
	if err := h.carry(); err != nil {
		h.t.Fatal(err)
	}
}

// edit changes the meeting as a visitor would.
func (h *writingHouse) edit(change func(*bot.Meeting)) {
	if err := h.change(meeting.UID, "", change); err != nil {
		h.t.Fatal(err)
	}
	h.heard()
}

func anHour(m *bot.Meeting) { m.Start, m.End = m.Start.Add(time.Hour), m.End.Add(time.Hour) }

func TestCalendarsFollowAMeeting(t *testing.T) {
	a, b := radicale(t), xandikos(t)
	h := newWritingHouse(t, a.account("Work"), b.account("Work"), meeting)
	h.mustCarry()
	a.standsAt(t, meeting.Start)
	if got, _ := a.stands("work")[0].Props.Text("DESCRIPTION"); got != "Priya Sen\npriya@bigco.example" {
		t.Errorf("%q", got)
	}
	a.requests()
	h.mustCarry()
	if got := a.requests(); len(got) != 0 {
		t.Errorf("a job that comes again asks nobody: %q", got)
	}
	h.edit(anHour)
	h.mustCarry()
	a.standsAt(t, meeting.Start.Add(time.Hour))

	h.edit(func(m *bot.Meeting) { m.With = "ben cora" })
	h.mustCarry()
	b.standsAt(t, meeting.Start.Add(time.Hour))
	if guest := b.stands("work")[0]; text(guest, "UID") != meeting.UID || text(guest, "ORGANIZER") != "mailto:asha@acme.example" || len(guest.Props["ATTENDEE"]) != 3 {
		t.Errorf("%+v", guest)
	}

	h.edit(func(m *bot.Meeting) { m.Rep, m.With = "ben", "" })
	h.mustCarry()
	if got := a.stands("work"); len(got) != 0 {
		t.Errorf("it stays with who had it: %+v", got)
	}
	if got := b.stands("work"); len(got) != 1 || text(got[0], "ORGANIZER") != "mailto:ben@acme.example" {
		t.Errorf("%+v", got)
	}
	h.edit(func(m *bot.Meeting) { m.Status = bot.Cancelled })
	h.mustCarry()
	if len(b.stands("work")) != 0 {
		t.Error("it is cancelled and stands there")
	}
	h.mustCarry()
	if got := h.heard(); got != "" {
		t.Error(got)
	}
}

func TestAMeetingWithoutACalendarToWriteIsLeftToTheLetters(t *testing.T) {
	m := meeting
	m.Rep = "cora"
	h := newWritingHouse(t, flows.Calendar{}, flows.Calendar{}, m)
	h.mustCarry()
	for id, want := range map[string]bool{"asha": false, "cora": false, "nobody": false} {
		if Writable(h.roster.Rep(id)) != want {
			t.Errorf("%s", id)
		}
	}
	if !Writable(&flows.Rep{Calendars: []flows.Calendar{{File: "a.ics"}, {Google: "a@acme.example"}}}) {
		t.Error("the second of two calendars")
	}
	var retry *bot.RetryError
	if err := h.writing.Carry(t.Context(), bot.Job{Payload: []byte("{}")}); !errors.As(err, &retry) || !retry.Never {
		t.Error(err)
	}
}

func TestATimeThatIsTakenClashes(t *testing.T) {
	s := radicale(t)
	h := newWritingHouse(t, s.account("Work"), flows.Calendar{}, meeting)
	h.writing.Renew = func(ctx context.Context, rep string) error {
		h.told = append(h.told, "read "+rep)
		if _, bounded := ctx.Deadline(); !bounded {
			t.Error("the visitor waits for a calendar without end")
		}
		return ErrNotThere
	}
	s.put("work", "dentist.ics", appointment("dentist", "20261123T062000Z"))
	h.mustCarry()
	got := h.heard()
	if got != "read asha; clash: the calendar of Asha Rao has something else from Mon 23 Nov 06:20 to Mon 23 Nov 07:20" {
		t.Errorf("%q", got)
	}
	if !strings.Contains(h.log.String(), "what was read before") {
		t.Errorf("the log says %s", h.log)
	}
	if len(s.stands("work")) != 1 {
		t.Error("nothing is written beside it")
	}

	moved := meeting
	h = newWritingHouse(t, s.account("Work"), flows.Calendar{}, moved)
	h.edit(func(m *bot.Meeting) { m.Start, m.End = m.Start.Add(5*time.Hour), m.End.Add(5*time.Hour) })
	h.mustCarry()
	if got := h.heard(); got != "" || len(s.stands("work")) != 2 {
		t.Errorf("%q", got)
	}
	h.edit(func(m *bot.Meeting) { m.Start, m.End = meeting.Start, meeting.End })
	h.mustCarry()
	if got := h.heard(); !strings.HasPrefix(got, "clash: ") || len(s.stands("work")) != 1 {
		t.Errorf("moved to a time that is taken: %q, and the old time is given back", got)
	}
}

func TestWhatKeepsNobodyFromAMeetingDoesNotClash(t *testing.T) {
	s := radicale(t)
	other := meeting
	other.UID, other.Start, other.End = "m2@acme.example", meeting.Start.Add(3*time.Hour), meeting.End.Add(3*time.Hour)
	h := newWritingHouse(t, s.account("Work"), flows.Calendar{}, meeting, other)
	s.put("work", "free.ics", file(event("UID:free|DTSTAMP:20261101T000000Z|DTSTART:20261123T063000Z|DURATION:PT1H|TRANSP:TRANSPARENT")))
	s.put("work", "no.ics", file(event("UID:no|DTSTAMP:20261101T000000Z|DTSTART:20261123T063000Z|DURATION:PT1H|ORGANIZER:mailto:x@y.example|ATTENDEE;PARTSTAT=DECLINED:mailto:asha@acme.example")))
	s.put("work", "before.ics", file(event("UID:before|DTSTAMP:20261101T000000Z|DTSTART:20261123T060000Z|DTEND:20261123T063000Z")))
	s.put("work", "ours.ics", appointment("m2@acme.example", "20261123T063000Z")) // its calendar has not followed yet
	h.mustCarry()
	if got := h.heard(); got != "" || len(s.stands("work")) != 5 {
		t.Errorf("%q", got)
	}
}

// placing is a calendar whose provider makes the place.
type placing struct {
	Book
	puts int
	seen Seen
}

func (p *placing) Read(context.Context, Query) (Reading, error) { return Reading{}, nil }

func (p *placing) Look(context.Context, Ref) (Seen, error) { return p.seen, nil }

func (p *placing) Put(_ context.Context, e Entry, at Ref) (Seen, error) {
	p.puts++
	p.seen = Seen{
		Ref: Ref{UID: e.Meeting.UID, Href: fmt.Sprint(p.puts)}, Start: e.Meeting.Start, End: e.Meeting.End, Place: "https://meet.example/x",
	}
	return p.seen, nil
}

func TestThePlaceThatAProviderMakesIsTold(t *testing.T) {
	m := meeting
	m.Made, m.Place = flows.PlaceGoogleMeet, ""
	h := newWritingHouse(t, flows.Calendar{Google: "asha@acme.example"}, flows.Calendar{}, m)
	p := &placing{}
	h.writing.Open = func(*flows.Rep, flows.Calendar) (Source, error) { return p, nil }
	h.mustCarry()
	if got := h.heard(); got != "placed: https://meet.example/x" {
		t.Errorf("%q", got)
	}
	h.mustCarry()
	if got := h.heard(); got != "" || p.puts != 2 {
		t.Errorf("%q after %d writes", got, p.puts)
	}
}

func TestACalendarTheRepLeftIsCleared(t *testing.T) {
	s := radicale(t)
	s.make("new", "New")
	h := newWritingHouse(t, s.account("Work"), flows.Calendar{}, meeting)
	h.mustCarry()
	rep := h.roster.Rep("asha")
	calendar := s.account("")
	calendar.CalDAV += "asha/new/"
	rep.Calendars = append([]flows.Calendar{calendar}, rep.Calendars...)
	h.edit(func(m *bot.Meeting) { m.Title = "Another" })
	h.mustCarry()
	if len(s.stands("work")) != 0 || len(s.stands("new")) != 1 {
		t.Error("it moves along")
	}
	rep.Calendars = rep.Calendars[1:]
	h.edit(func(m *bot.Meeting) { m.Status = bot.Cancelled })
	h.mustCarry()
	if !strings.Contains(h.log.String(), "stays in a calendar") {
		t.Errorf("what cannot be reached any more is said: %s", h.log)
	}
}
