package bot

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"time"

	"usher/bot/dialogue"
	"usher/flows"
)

// Arrival is somebody who opens a channel.
type Arrival struct {
	Token   string // "" for somebody new
	Named   bool   // the token is the channel's own name for the visitor (a Slack user) and is kept as it is
	Site    string // the token is good for this site alone
	Flow    string // asked for by the page; "" = picked by the flows' `show`
	Visit   flows.Visit
	Known   map[string]string // what a profile tells, by field name; what does not read is left out
	Address string            // network address, for limits and the log at debug level; never stored
}

// Arrived is what an arrival led to.
type Arrived struct {
	Token        string // the one to keep: the arrival's own, or a new one
	Visitor      Visitor
	Conversation Conversation
	Flow         *flows.Flow
}

// SameVisit is how long after the last page a new page still belongs to the same visit: the half hour that web
// analytics has counted by since its beginning.
const SameVisit = 30 * time.Minute

// Arrive finds the visitor by token, or makes one, and gives the open conversation, or begins one. An unknown token is
// a new visitor, never an error: tokens go stale in browsers.
func (b *Bot) Arrive(ctx context.Context, a Arrival) (Arrived, error) {
	v, token, err := b.visitor(ctx, a)
	if err != nil {
		return Arrived{}, err
	}
	known := !v.SeenAt.IsZero()
	if !a.Visit.GPC {
		v.Data = v.Data.see(a.Visit.Page, v.SeenAt, b.now())
	}
	v.SeenAt = b.now()
	latest := ""
	if known { // somebody new has no conversation to go on with
		if latest, err = b.Store.Latest(ctx, v.ID); err != nil && !errors.Is(err, ErrNotFound) {
			return Arrived{}, fmt.Errorf("latest conversation: %w", err)
		}
	}
	out, ok, err := b.goOn(ctx, latest, v, a)
	if err == nil && !ok {
		out, err = b.begin(ctx, latest, v, a)
	}
	out.Token = token
	return out, err
}

// Who is the visitor with that token on that site, or ErrNotFound.
func (b *Bot) Who(ctx context.Context, token, site string) (Visitor, error) {
	v, err := b.Store.Visitor(ctx, hash(token, site))
	if err != nil {
		return Visitor{}, fmt.Errorf("who: %w", err)
	}
	return v, nil
}

// visitor finds the visitor by token or makes one.
func (b *Bot) visitor(ctx context.Context, a Arrival) (Visitor, string, error) {
	v, err := Visitor{}, ErrNotFound
	if a.Token != "" {
		v, err = b.Who(ctx, a.Token, a.Site)
	}
	if errors.Is(err, ErrNotFound) {
		token := a.Token
		if !a.Named {
			token = random(tokenBytes)
		}
		return Visitor{ID: random(idBytes), Site: a.Site, TokenHash: hash(token, a.Site), CreatedAt: b.now()}, token, nil
	}
	return v, a.Token, err
}

// goOn gives the visitor's newest conversation when it is still to be gone on with: it is open, lapsed, or ended in
// this same visit, so that a reload shows the end and not a new greeting.
func (b *Bot) goOn(ctx context.Context, id string, v Visitor, a Arrival) (Arrived, bool, error) {
	if id == "" {
		return Arrived{}, false, nil
	}
	c, err := b.Store.Load(ctx, id)
	if err != nil {
		return Arrived{}, false, fmt.Errorf("load conversation %s: %w", id, err)
	}
	over, err := b.finished(ctx, c)
	if err != nil || over || a.Flow != "" && a.Flow != c.State.Flow && a.Flow != c.Split {
		return Arrived{}, false, err
	}
	h, err := b.house(ctx, c.State.Revision)
	if errors.Is(err, errRevision) {
		b.log().Error("a visitor begins anew", "conversation", id, "err", err)
		return Arrived{}, false, nil
	}
	if err != nil {
		return Arrived{}, false, err
	}
	if err := b.Store.SaveVisitor(ctx, v); err != nil {
		return Arrived{}, false, fmt.Errorf("save visitor: %w", err)
	}
	if a.Visit.Page != "" && !a.Visit.GPC {
		if _, err := b.takeWith(ctx, c, dialogue.Visited{Page: a.Visit.Page, Title: a.Visit.Title}, &v); err != nil {
			return Arrived{}, false, fmt.Errorf("conversation %s: %w", c.ID, err)
		}
		b.inbound(ctx, c, a)
	}
	return Arrived{Visitor: v, Conversation: c, Flow: h.Workspace.Flow(c.State.Flow)}, true, nil
}

// finished says whether a conversation is over for good: it ended, and its last words were said in an earlier visit.
func (b *Bot) finished(ctx context.Context, c Conversation) (bool, error) {
	if c.State.End == "" || c.State.End == dialogue.Expired {
		return false, nil
	}
	last, err := b.Store.Messages(ctx, c.ID, c.Last-1, 1)
	if err != nil {
		return false, fmt.Errorf("last message of conversation %s: %w", c.ID, err)
	}
	return len(last) == 0 || b.now().Sub(last[0].At) > SameVisit, nil
}

// frontPage is whose flow somebody gets where there are no pages, as in Slack.
const frontPage = "/"

// begin opens a conversation on the running revision, and saves the visitor with it. Its id follows from the visitor and
// the conversation before, so that two tabs that open at once begin the same one.
func (b *Bot) begin(ctx context.Context, before string, v Visitor, a Arrival) (Arrived, error) {
	h := b.running.Load()
	visit := a.Visit
	visit.Visits, visit.Pages = v.Data.Visits, v.Data.Pages
	f := h.Workspace.Flow(a.Flow)
	if f == nil {
		scope := visit.Scope(h.Workspace.Roster, b.now())
		scope.Page = cmp.Or(scope.Page, frontPage)
		f = h.Workspace.Pick(scope)
	}
	if a.Visit.GPC {
		visit = visit.Private() // the page has said which flow it is for
	}
	if n := len(visit.Pages); a.Visit.Page != "" && n > 0 {
		visit.Pages = visit.Pages[:n-1] // the conversation sees this page itself
	}
	f, split := variant(h.Workspace, f, v.ID)
	id := hex.EncodeToString(hash(v.ID, before)[:idBytes])
	c := Conversation{ID: id, Site: a.Site, Visitor: v.ID, Split: split, State: dialogue.Conversation{Flow: f.ID, Revision: h.Workspace.Revision}}
	known := b.readKnown(f, c, a.Known)
	maps.Copy(known, v.Data.Known)
	c, err := b.takeWith(ctx, c, dialogue.Started{Visit: visit, Known: known}, &v)
	if errors.Is(err, ErrStale) {
		c, err = b.load(ctx, id, v.ID)
	}
	if err != nil {
		return Arrived{}, fmt.Errorf("begin conversation: %w", err)
	}
	return Arrived{Visitor: v, Conversation: c, Flow: f}, nil
}

// variant is the flow that the visitor gets in place of one, and the one whose split says so; "" where it has none.
func variant(w *flows.Workspace, f *flows.Flow, visitor string) (*flows.Flow, string) {
	if len(f.Split) == 0 {
		return f, ""
	}
	return w.Flow(f.Variant(visitor)), f.ID
}

// see adds a page view, and a visit when the last page was seen too long ago to be the same one.
func (d VisitorData) see(page string, last, now time.Time) VisitorData {
	if now.Sub(last) > SameVisit {
		d.Visits++
	}
	if page != "" {
		d.Pages = append(d.Pages[:len(d.Pages):len(d.Pages)], flows.PageView{Path: page, At: now})
	}
	if n := len(d.Pages) - dialogue.MaxPages; n > 0 {
		d.Pages = d.Pages[n:]
	}
	return d
}

// Sizes of what is drawn at random: a token must not be guessed (128 bit is the least that is asked for), an id must
// not collide.
const (
	tokenBytes = 32
	idBytes    = 16
)

// random is n bytes of the system's randomness as text. It cannot fail: crypto/rand ends the program instead.
func random(n int) string {
	p := make([]byte, n)
	rand.Read(p)
	return hex.EncodeToString(p)
}

// hash is what is stored of a token; the site is part of it, so a token is worth nothing elsewhere.
func hash(token, site string) []byte {
	h := sha256.Sum256([]byte(site + "\x00" + token))
	return h[:]
}
