package terminal

import (
	"context"
	"errors"
	"strings"
	"time"

	"usher/bot"
	"usher/flows"
)

// Hooks is what these commands need of the house.
type Hooks interface {
	// Statuses tells how it stands with every webhook.
	Statuses(ctx context.Context) ([]HookStatus, error)
	// Replay has deliveries sent once more, and says how many: bot.ErrNotFound where there is none with that id.
	Replay(ctx context.Context, a HookReplay) (int, error)
	// Enable has a webhook sent to again: bot.ErrNotFound where there is none with that id.
	Enable(ctx context.Context, id string) error
	Close() error
}

// HookStatus is how it stands with one webhook, as `hooks --json` prints it.
type HookStatus struct {
	ID          string    `json:"id"`
	URL         string    `json:"url"`
	Events      []string  `json:"events,omitempty"`
	By          string    `json:"by"`
	State       string    `json:"state"` // on, off, failing or removed
	Because     string    `json:"because,omitempty"`
	Queued      int       `json:"queued"`
	Failed      int       `json:"failed"`
	Sent        int       `json:"sent"`
	LastSuccess time.Time `json:"last_success,omitzero"`
	LastFailure time.Time `json:"last_failure,omitzero"`
}

// HookReplay is which deliveries are sent once more.
type HookReplay struct {
	ID      string
	Webhook string
	Since   time.Time
	All     bool
}

// HookPing is how a trial came out, as `hooks test --json` prints it.
type HookPing struct {
	Status int           `json:"status"`
	Said   string        `json:"said,omitempty"`
	Took   time.Duration `json:"took"` // nanoseconds
	Secret string        `json:"secret"`
}

// HooksPlace is which house and workspace is looked at.
type HooksPlace struct {
	House
	Workspace string `type:"existingdir" env:"USHER_WORKSPACE" placeholder:"DIR" help:"Folder with hooks.yaml; without it what was published to the database, or else the built-in example."`
}

// HooksCommand looks after what other systems are told.
type HooksCommand struct {
	List   HooksListCommand   `cmd:"" default:"withargs" help:"List the webhooks, and how it stands with them."`
	Replay HooksReplayCommand `cmd:"" help:"Send once more what was given up."`
	Enable HooksEnableCommand `cmd:"" help:"Send again to a webhook that said it is gone."`
	Test   HooksTestCommand   `cmd:"" help:"Send a signed ping to an address."`
	Secret HooksSecretCommand `cmd:"" help:"Make a secret to sign with."`
}

// HooksListCommand lists the webhooks.
type HooksListCommand struct {
	HooksPlace
	JSON bool `name:"json" help:"One object a line, as JSON."`
}

// Help teaches.
func (HooksListCommand) Help() string {
	return `Lists the webhooks of hooks.yaml and those made over the JSON API: whether they are sent to, what waits, what was given up,
and when a message was last taken. One that was removed is listed while something is left that was not sent there. The exit code is 1
while one is off or failing.

  usher hooks
  usher hooks --json | jq -c 'select(.state != "on")'`
}

// Run lists them.
func (c *HooksListCommand) Run(ctx context.Context, w *World) error {
	var all []HookStatus
	err := c.open(ctx, w, func(h Hooks) (err error) {
		all, err = h.Statuses(ctx)
		return err
	})
	if err != nil {
		return err
	}
	err = c.print(w, all)
	for _, s := range all {
		if s.bad() && err == nil {
			err = ErrNo
		}
	}
	return err
}

// bad says whether somebody is not told what they should be.
func (h HookStatus) bad() bool { return h.State != "on" && h.State != "removed" }

func (p HooksPlace) open(ctx context.Context, w *World, work func(Hooks) error) (err error) {
	h, err := w.OpenHooks(ctx, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	return work(h)
}

func (c *HooksListCommand) print(w *World, all []HookStatus) error {
	out, p, s := jsonLines(w.Stdout), printer{out: w.Stdout}, styleOf(w.Stdout)
	if len(all) == 0 && !c.JSON {
		p.printf("Nobody is told anything: name webhooks in hooks.yaml, or make them over the JSON API.\n")
	}
	for _, h := range all {
		if c.JSON {
			p.err = errors.Join(p.err, out.Encode(h))
			continue
		}
		h.print(&p, s)
	}
	return p.err
}

// print is the webhook for people.
func (h HookStatus) print(p *printer, s style) {
	state := map[string]string{"on": s.green(h.State), "removed": s.faint(h.State)}[h.State]
	p.printf("%s  %s", s.bold(h.ID), first(state, s.red(h.State)))
	if h.State == "removed" { // neither its address is known any more, nor who made it
		p.printf("\n  %s\n", h.Because)
	} else {
		p.printf("  %s  %s\n  events %s\n", h.URL, s.faint(h.By), first(strings.Join(h.Events, ", "), "all"))
	}
	p.printf("  %d waiting, %d given up, %d taken; last taken %s\n", h.Queued, h.Failed, h.Sent, whenOf(h.LastSuccess))
	if h.bad() && h.Because != "" {
		p.printf("  %s  %s\n", s.red(whenOf(h.LastFailure)), h.Because)
	}
}

func whenOf(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.UTC().Format("2006-01-02 15:04:05 MST")
}

// HooksReplayCommand sends deliveries once more.
type HooksReplayCommand struct {
	ID      string `arg:"" optional:"" help:"The delivery's id, as the log and the alert say it."`
	Since   string `placeholder:"T" help:"What was made since then: a date, a time, or how long ago, such as 2d."`
	Webhook string `placeholder:"ID" help:"Of this webhook alone."`
	All     bool   `help:"Also what was taken: the receiver has lost it."`
	HooksPlace
	JSON bool `name:"json" help:"As JSON."`
}

// Help teaches.
func (HooksReplayCommand) Help() string {
	return `A receiver knows a message that it has had before by its webhook-id, which stays the same. A running server sends at once, and
tries for another day. The exit code is 1 where there was nothing to send.

  usher hooks replay msg_8b1f_wf_77aa01c2d3e4
  usher hooks replay --since 2026-11-20
  usher hooks replay --since 2d --webhook wf_77aa01c2d3e4 --all`
}

// Run has them sent.
func (c *HooksReplayCommand) Run(ctx context.Context, w *World) error {
	a := HookReplay{ID: c.ID, Webhook: c.Webhook, All: c.All}
	if (c.ID == "") == (c.Since == "") {
		return misuse("name one delivery, or --since a time")
	}
	if c.Since != "" {
		var err error
		if a.Since, err = past(c.Since, w.Now()); err != nil {
			return err
		}
	}
	n := 0
	err := c.open(ctx, w, func(h Hooks) (err error) {
		n, err = h.Replay(ctx, a)
		return err
	})
	if errors.Is(err, bot.ErrNotFound) {
		p := printer{out: w.Stderr}
		p.printf("usher: there is no delivery %s\n", c.ID)
		return errors.Join(p.err, ErrNo)
	}
	if err != nil {
		return err
	}
	p := printer{out: w.Stdout}
	if c.JSON {
		p.err = jsonLines(w.Stdout).Encode(map[string]int{"replayed": n})
	} else {
		p.printf("%d to be sent again\n", n)
	}
	if n == 0 {
		p.err = errors.Join(p.err, ErrNo)
	}
	return p.err
}

// past reads a time of the past: a date or time, or how long ago.
func past(text string, now time.Time) (time.Time, error) {
	if ago, ok := flows.Lapse(text); ok && ago > 0 {
		return now.Add(-ago), nil
	}
	return instant("since", text, time.UTC)
}

// HooksEnableCommand has a webhook sent to again.
type HooksEnableCommand struct {
	ID string `arg:"" help:"The webhook's id, as usher hooks lists it."`
	HooksPlace
}

// Help teaches.
func (HooksEnableCommand) Help() string {
	return `A webhook whose receiver answered 410 Gone is sent nothing any more. What happened meanwhile was not kept for it.

  usher hooks enable wf_77aa01c2d3e4`
}

// Run enables it.
func (c *HooksEnableCommand) Run(ctx context.Context, w *World) error {
	err := c.open(ctx, w, func(h Hooks) error { return h.Enable(ctx, c.ID) })
	if errors.Is(err, bot.ErrNotFound) {
		p := printer{out: w.Stderr}
		p.printf("usher: there is no webhook %s\n", c.ID)
		return errors.Join(p.err, ErrNo)
	}
	return err
}

// HooksTestCommand sends a ping.
type HooksTestCommand struct {
	URL    string `arg:"" help:"The receiver's address."`
	Secret string `env:"USHER_HOOK_SECRET" placeholder:"whsec_…" help:"What it is signed with; without it one is drawn and printed."`
	JSON   bool   `name:"json" help:"As JSON."`
}

// Help teaches.
func (HooksTestCommand) Help() string {
	return `Sends one message of the type ping from this machine, signed as all are, and says what the receiver answered. An address that names
a machine by its number or as localhost is meant, whatever network it is in. The exit code is 1 where it was not taken.

  usher hooks test https://crm.acme.example/usher
  USHER_HOOK_SECRET=$CRM_HOOK usher hooks test https://crm.acme.example/usher`
}

// Run sends it.
func (c *HooksTestCommand) Run(ctx context.Context, w *World) error {
	ping, err := w.PingHook(ctx, c.URL, c.Secret)
	if errors.Is(err, bot.ErrWebhook) {
		return misuse("%s", strings.TrimPrefix(err.Error(), bot.ErrWebhook.Error()+": "))
	}
	if err != nil {
		return err
	}
	p := printer{out: w.Stdout}
	switch {
	case c.JSON:
		p.err = jsonLines(w.Stdout).Encode(ping)
	case ping.Said != "":
		p.printf("not taken: %s\n", ping.Said)
	default:
		p.printf("taken: the receiver answers %d after %s\n", ping.Status, ping.Took.Round(time.Millisecond))
	}
	if c.Secret == "" && !c.JSON {
		p.printf("signed with %s\n", ping.Secret)
	}
	if ping.Said != "" {
		p.err = errors.Join(p.err, ErrNo)
	}
	return p.err
}

// HooksSecretCommand makes a secret.
type HooksSecretCommand struct{}

// Run prints it.
func (HooksSecretCommand) Run(w *World) error {
	p := printer{out: w.Stdout}
	p.printf("%s\n", bot.NewSecret())
	return p.err
}
