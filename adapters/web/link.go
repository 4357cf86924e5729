package web

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"

	"usher/bot"
)

// purpose is what a link is for; it opens nothing else.
type purpose string

const (
	forVisitor     purpose = "meeting"     // a meeting's page, for the visitor
	forRep         purpose = "rep"         // a meeting's page, for the reps
	forFeed        purpose = "feed"        // a rep's feed of all meetings
	forConnect     purpose = "connect"     // connecting a rep's calendar
	forResume      purpose = "resume"      // a conversation, at its open question
	forUnsubscribe purpose = "unsubscribe" // no more letters to somebody
	forOld         purpose = "old"         // a meeting's page as links of v1 open it: to look, to save, to cancel
)

// How a link is signed begins its signature, so that it can change while old links go on.
const (
	linkOld     = "v1."
	linkVersion = "v2."
)

// How long links work.
const (
	meetingLinkLasts = 30 * 24 * time.Hour // after the meeting's end as it was when the link was made
	connectLinkLasts = 7 * 24 * time.Hour
	linkWait         = 2 * time.Second // to look up a meeting that a link is asked for
)

// standing is what a signature is worth.
type standing int

const (
	forged standing = iota
	expired
	good
)

// MeetingLink is the address of a meeting's page for its visitor: to look, save, move and cancel. It is signed, opens
// nothing else and runs out 30 days after the meeting's end. It is "" without a Key and for a meeting that cannot be read.
func (s *Server) MeetingLink(uid string) string { return s.lookUp(uid, s.LinkTo) }

// RepMeetingLink is the address of the meeting's page for its reps, who also see who comes and may say that nobody did.
// It runs out as MeetingLink does.
func (s *Server) RepMeetingLink(uid string) string { return s.lookUp(uid, s.RepLinkTo) }

// LinkTo is MeetingLink where the meeting is at hand.
func (s *Server) LinkTo(m bot.Meeting) string {
	return s.link("/m/"+url.PathEscape(m.UID), forVisitor, m.UID, m.End.Add(meetingLinkLasts))
}

// RepLinkTo is RepMeetingLink where the meeting is at hand.
func (s *Server) RepLinkTo(m bot.Meeting) string {
	return s.link("/m/"+url.PathEscape(m.UID), forRep, m.UID, m.End.Add(meetingLinkLasts))
}

// FeedLink is the address of a rep's feed of all meetings, to subscribe to. It does not run out, for neither does a
// subscription: it ends when the rep leaves the roster, or for all reps with another Key.
func (s *Server) FeedLink(rep string) string {
	return s.link("/r/"+url.PathEscape(rep)+".ics", forFeed, rep, time.Time{})
}

// ConnectLink is the address at which a rep connects a calendar; it works for 7 days.
func (s *Server) ConnectLink(rep string) string {
	return s.link("/calendar/connect/"+url.PathEscape(rep), forConnect, rep, s.now().Add(connectLinkLasts))
}

func (s *Server) lookUp(uid string, link func(bot.Meeting) string) string {
	if len(s.Key) == 0 {
		return ""
	}
	ctx, cancel := context.WithTimeout(context.Background(), linkWait)
	defer cancel()
	m, err := s.Host.Meeting(ctx, uid)
	if err != nil {
		if !errors.Is(err, bot.ErrNotFound) {
			s.log().Warn("a message goes without the link to its meeting", "meeting", uid, "err", err)
		}
		return ""
	}
	return link(m)
}

// link signs a path; with a zero until it does not run out.
func (s *Server) link(path string, p purpose, subject string, until time.Time) string {
	if len(s.Key) == 0 {
		return ""
	}
	return strings.TrimSuffix(s.URL, "/") + path + "?s=" + s.sign(p, subject, until)
}

// sign gives v2.UNTIL.MAC: until when in Unix seconds, 0 = for ever, and what nobody else can make of that, the purpose
// and the subject.
func (s *Server) sign(p purpose, subject string, until time.Time) string {
	ends := "0"
	if !until.IsZero() {
		ends = strconv.FormatInt(until.Unix(), 10)
	}
	return linkVersion + ends + "." + s.mac("usher link v2\x00"+string(p)+"\x00"+subject+"\x00"+ends)
}

func (s *Server) mac(text string) string {
	mac := hmac.New(sha256.New, s.Key)
	mac.Write([]byte(text)) // never an error
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// opens says which of the purposes a signature was made for, and whether it still stands. It takes the same time
// whatever is wrong with it.
func (s *Server) opens(subject, signature string, purposes ...purpose) (purpose, standing) {
	if len(s.Key) == 0 {
		return "", forged
	}
	for _, p := range purposes {
		if p == forOld {
			if hmac.Equal([]byte(signature), []byte(linkOld+s.mac("usher meeting v1\x00"+subject))) {
				return p, good
			}
			continue
		}
		ends, ok := untilOf(signature)
		if ok && hmac.Equal([]byte(signature), []byte(s.sign(p, subject, ends))) {
			if !ends.IsZero() && !s.now().Before(ends) {
				return p, expired
			}
			return p, good
		}
	}
	return "", forged
}

// untilOf is when a signature says that it runs out, zero for never.
func untilOf(signature string) (time.Time, bool) {
	rest, ok := strings.CutPrefix(signature, linkVersion)
	ends, _, cut := strings.Cut(rest, ".")
	seconds, err := strconv.ParseInt(ends, 10, 64)
	if !ok || !cut || err != nil || seconds < 0 {
		return time.Time{}, false
	}
	if seconds == 0 {
		return time.Time{}, true
	}
	return time.Unix(seconds, 0), true
}
