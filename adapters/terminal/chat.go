package terminal

import (
	"bufio"
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"usher/bot/rehearse"
	"usher/flows"
)

// ChatCommand talks to a flow.
type ChatCommand struct {
	Dir      string            `arg:"" optional:"" type:"path" help:"The workspace folder; without one, the built-in example."`
	Flow     string            `placeholder:"ID" help:"The flow; by default the one the visitor would get."`
	JSON     bool              `name:"json" help:"One object a line: message, score, route, offer, meeting, end."`
	Now      string            `placeholder:"TIME" help:"When it is; the clock then stands still but for /wait, so that the same lines give the same answers."`
	Timezone string            `placeholder:"ZONE" help:"The visitor's zone (Asia/Kolkata); UTC by default."`
	Language string            `placeholder:"L" help:"The visitor's language (en, hi-IN); the flow's first by default."`
	Visit    map[string]string `mapsep:"," placeholder:"K=V,…" help:"How the visitor came: page, title, referrer, utm.source (and .medium …), visits, owner, channel."`
}

// Help teaches.
func (ChatCommand) Help() string {
	return `The same engine and the same rules as on the web page, with calendars read from the workspace's files (one
on a server is not asked and counts as free; usher slots asks it); nothing is stored. On a terminal, choose with the arrows or a number. In a pipe, a line is a message. Lines with a slash rehearse the rest:
` + happenings + `

  usher chat
  usher chat acme --flow book-a-demo --visit page=/pricing,utm.source=google --timezone Asia/Kolkata
  printf 'demo\nabout 250\n' | usher chat --json --now 2026-11-23T10:00:00+05:30 | jq -c 'select(.type=="score")'`
}

// Run talks until the conversation or the input ends.
func (c *ChatCommand) Run(ctx context.Context, w *World) error {
	ws, err := w.rehearsable(c.Dir)
	if err != nil {
		return err
	}
	t, visit, err := c.talk(w, ws)
	if err != nil {
		return err
	}
	if !c.JSON && isTerminal(w.Stdin) && isTerminal(w.Stdout) {
		return errors.Join(c.onScreen(ctx, w, t, visit), unread(w, t))
	}
	return errors.Join(c.byLine(ctx, w, t, visit), unread(w, t))
}

// unread says whose calendar could not be read: their times were not offered.
func unread(w *World, t *talk) error {
	p := printer{out: w.Stderr}
	failed := t.session.World.Unread()
	for _, rep := range slices.Sorted(maps.Keys(failed)) {
		p.printf("usher: %s is not offered: %v\n", rep, failed[rep])
	}
	return p.err
}

// talk prepares the conversation.
func (c *ChatCommand) talk(w *World, ws *flows.Workspace) (*talk, flows.Visit, error) {
	visit, err := c.visit()
	if err != nil {
		return nil, visit, err
	}
	zone, err := place(visit.Timezone)
	if err != nil {
		return nil, visit, err
	}
	clock := w.Now
	if c.Now != "" {
		at, err := instant("now", c.Now, zone)
		if err != nil {
			return nil, visit, err
		}
		clock = func() time.Time { return at }
	}
	f := c.pick(ws, visit, clock())
	if f == nil {
		return nil, visit, misuse("there is no flow %q; there are: %s", c.Flow, flowNames(ws))
	}
	world := &rehearse.World{Workspace: ws, Busy: w.busy(ws)}
	session, err := world.Open(f.ID, clock())
	return &talk{session: session, zone: zone, clock: clock}, visit, err
}

func (c *ChatCommand) pick(ws *flows.Workspace, v flows.Visit, now time.Time) *flows.Flow {
	if c.Flow != "" {
		return ws.Flow(c.Flow)
	}
	v.Page = first(v.Page, "/")
	return ws.Pick(v.Scope(ws.Roster, now))
}

func flowNames(ws *flows.Workspace) string { return strings.Join(ids(ws), ", ") }

// ids are the names of all flows.
func ids(ws *flows.Workspace) (out []string) {
	for _, f := range ws.Flows {
		out = append(out, f.ID)
	}
	return out
}

// visit reads --visit.
func (c *ChatCommand) visit() (v flows.Visit, err error) {
	v = flows.Visit{Timezone: first(c.Timezone, c.Visit["timezone"]), Language: first(c.Language, c.Visit["language"])}
	for key, text := range c.Visit {
		switch utm, isUTM := strings.CutPrefix(key, "utm."); {
		case isUTM:
			if v.UTM == nil {
				v.UTM = map[string]string{}
			}
			v.UTM[utm] = text
		case key == "page":
			v.Page = text
		case key == "title":
			v.Title = text
		case key == "referrer":
			v.Referrer = text
		case key == "owner":
			v.Owner = text
		case key == "channel":
			v.Channel = text
		case key == "timezone" || key == "language":
		case key == "visits":
			if v.Visits, err = strconv.Atoi(text); err != nil || v.Visits < 0 {
				return v, misuse("--visit visits=%s is no number", text)
			}
		default:
			return v, misuse("--visit knows page, title, referrer, utm.NAME, visits, owner, channel, timezone and language, not %s", key)
		}
	}
	return v, nil
}

// byLine talks in a pipe: one line in, the answers out.
func (c *ChatCommand) byLine(ctx context.Context, w *World, t *talk, visit flows.Visit) error {
	out := bufio.NewWriter(w.Stdout)
	show := plainly(out)
	if c.JSON {
		encoder := jsonLines(out)
		show = func(l rehearse.Line) error { return encoder.Encode(l) }
	}
	answer := func(lines []rehearse.Line, err error) error {
		if isMisuse(err) {
			p := printer{out: w.Stderr}
			p.printf("usher: %v\n", err)
			err = nil
		}
		for _, l := range lines {
			err = errors.Join(err, show(l))
		}
		return errors.Join(err, out.Flush())
	}
	if err := answer(t.begin(visit)); err != nil {
		return err
	}
	in := bufio.NewScanner(w.Stdin)
	in.Buffer(nil, maxRequest)
	for ctx.Err() == nil && in.Scan() {
		line := strings.TrimSpace(in.Text())
		switch line {
		case "":
			continue
		case "/quit":
			return nil
		}
		if !c.JSON {
			p := printer{out: out}
			p.printf("> %s\n", line)
		}
		if err := answer(t.say(line)); err != nil {
			return err
		}
	}
	return in.Err()
}
