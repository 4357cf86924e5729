package mail

import (
	"context"
	"log/slog"
	"net/url"
	"time"
)

type Mailbox struct {
	Address  *url.URL
	Password string
	Links    Links
	Log      *slog.Logger
	Now      func() time.Time
	Took     func(ctx context.Context, raw []byte) error
	alarms   alarms
}

func (b *Mailbox) Run(ctx context.Context)                 {}
func (p *Post) take(ctx context.Context, raw []byte) error { return nil }
