package mail

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/textproto"
	"strings"

	"usher/bot"
)

// cameBack tells the rep of a letter of ours that a server could not deliver after all. The same letter is told of once.
func (p *Post) cameBack(ctx context.Context, m *incoming) error {
	why := failure(m.status)
	if why == "" {
		return nil
	}
	for _, id := range m.about {
		if enrolment := letterIn(id); enrolment != "" && p.Letters != nil {
			return p.letterBack(ctx, enrolment, why)
		}
		if p.Jobs == nil {
			return nil
		}
		meeting, err := p.ours(ctx, id)
		switch {
		case errors.Is(err, bot.ErrNotFound):
			continue
		case err != nil:
			return err
		}
		return p.alert(ctx, id, meeting, why)
	}
	return nil
}

// letterBack takes that a letter of a sequence came back. Only where there is nobody at the address no more go there: of a full
// mailbox, or a letter that was not wanted, the next may arrive.
func (p *Post) letterBack(ctx context.Context, enrolment, why string) error {
	p.log().Info("letter of a sequence came back")
	switch fateOfReport(why) {
	case nobody:
		return p.Letters.Bounced(ctx, bot.Event{Detail: enrolment}, why)
	case unwanted:
		p.log().Error("mail: a letter of ours was refused on its way", "why", why)
	}
	return nil
}

// ours is the meeting of a letter that we sent, or bot.ErrNotFound: a report about anything else is not for us.
func (p *Post) ours(ctx context.Context, id string) (bot.Meeting, error) {
	uid := meetingOf(id)
	if uid == "" {
		return bot.Meeting{}, bot.ErrNotFound
	}
	if _, err := p.Links.Link(ctx, sentLink, id); err != nil {
		return bot.Meeting{}, err
	}
	return p.Host.Meeting(ctx, uid)
}

func (p *Post) alert(ctx context.Context, id string, m bot.Meeting, why string) error {
	payload, err := json.Marshal(bot.Event{Conversation: m.Conversation, Event: bot.AlertMail, Rep: m.Rep, Meeting: m.UID, Detail: why})
	if err != nil {
		return fmt.Errorf("alert of a letter that came back: %w", err)
	}
	p.log().Info("letter came back", "meeting", m.UID)
	return p.Jobs.Enqueue(ctx, bot.Job{ID: "mail-back-" + id, Kind: bot.JobAlert, Payload: payload, RunAt: p.now(), State: bot.JobReady})
}

// failure is why a report says that a letter will never be delivered (RFC 3464 2.3: Action failed, Status 5), or "".
func failure(status []byte) string {
	r := textproto.NewReader(bufio.NewReader(bytes.NewReader(status)))
	for {
		group, err := r.ReadMIMEHeader()
		code := strings.TrimSpace(group.Get("Status"))
		if strings.EqualFold(strings.TrimSpace(group.Get("Action")), "failed") && strings.HasPrefix(code, "5") {
			_, recipient, _ := strings.Cut(cmp.Or(group.Get("Final-Recipient"), group.Get("Original-Recipient")), ";")
			_, diagnosis, _ := strings.Cut(group.Get("Diagnostic-Code"), ";")
			return said(errors.New(strings.TrimSpace(code+" "+diagnosis)), strings.TrimSpace(recipient))
		}
		if err != nil {
			return ""
		}
	}
}
