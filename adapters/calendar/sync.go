package calendar

import (
	"context"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"time"

	"usher/bot"
	"usher/bot/slots"
	"usher/flows"
)

// Defaults of a Sync.
const (
	DefaultEvery = 5 * time.Minute // all calendars are read again, for instances that come into the horizon
	DefaultPoll  = 3 * time.Second // a changed file is noticed
	margin       = 7 * 24 * time.Hour
)

// BusyStore keeps what was read. SaveBusy replaces one rep's busy times and may be called again.
type BusyStore interface {
	SaveBusy(ctx context.Context, b bot.Busy) error
}

// Sync keeps the store's busy times as the reps' calendars say. A calendar that cannot be read is stored with the
// failure and its last known times, and the rep is not offered until it can be read again.
type Sync struct {
	Workspace func() *flows.Workspace // the one in force; it may change
	Store     BusyStore
	Now       func() time.Time
	Every     time.Duration // 0 = DefaultEvery
	Poll      time.Duration // 0 = DefaultPoll
	Log       *slog.Logger

	of   *flows.Workspace
	reps map[string]*known
}

// known is what was last read of a rep's calendar.
type known struct {
	spans   []slots.Interval
	until   time.Time
	changed time.Time // of the file
	size    int64
	said    string // problems that are already in the log
}

var _ BusyStore = bot.Agendas(nil)

// Run reads all calendars now, unless All did so before, again every few minutes, and one at once when its file changes, until ctx ends.
func (s *Sync) Run(ctx context.Context) {
	every, poll := s.Every, s.Poll
	if every == 0 {
		every = DefaultEvery
	}
	if poll == 0 {
		poll = DefaultPoll
	}
	if s.reps == nil {
		s.All(ctx)
	}
	next := s.Now().Add(jitter(every))
	tick := time.NewTicker(poll)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if s.Workspace() != s.of || !s.Now().Before(next) {
			s.All(ctx)
			next = s.Now().Add(jitter(every))
			continue
		}
		s.changed(ctx)
	}
}

// jitter keeps nodes that started together from reading together.
func jitter(d time.Duration) time.Duration {
	return d - d/10 + time.Duration(rand.Int64N(int64(d/5)+1))
}

// All reads every rep's calendar once.
func (s *Sync) All(ctx context.Context) {
	if w := s.Workspace(); w != s.of || s.reps == nil {
		s.of = w
		if s.reps == nil {
			s.reps = map[string]*known{}
		}
	}
	if s.of == nil || s.of.Roster == nil {
		return
	}
	for _, rep := range s.of.Roster.Reps {
		s.read(ctx, rep)
	}
}

// changed reads the calendars whose files are not what they were.
func (s *Sync) changed(ctx context.Context) {
	if s.of == nil || s.of.Roster == nil {
		return
	}
	for _, rep := range s.of.Roster.Reps {
		k := s.reps[rep.ID]
		if len(rep.Calendars) == 0 || rep.Calendars[0].File == "" || k == nil {
			continue
		}
		if at, size := stat(s.of.Files, rep.Calendars[0].File); !at.Equal(k.changed) || size != k.size {
			s.read(ctx, rep)
		}
	}
}

// stat is when a file changed and its size; a file that is not there has neither.
func stat(files fs.FS, name string) (time.Time, int64) {
	info, err := fs.Stat(files, name)
	if err != nil {
		return time.Time{}, -1
	}
	return info.ModTime(), info.Size()
}

func (s *Sync) read(ctx context.Context, rep *flows.Rep) {
	k := s.reps[rep.ID]
	if k == nil {
		k = &known{}
		s.reps[rep.ID] = k
	}
	if len(rep.Calendars) > 0 && rep.Calendars[0].File != "" {
		k.changed, k.size = stat(s.of.Files, rep.Calendars[0].File)
	}
	now := s.Now()
	until := now.Add(s.of.Horizon() + margin)
	spans, problems, err := RepBusy(s.of.Files, rep, now.Add(-24*time.Hour), until)
	busy := bot.Busy{Rep: rep.ID, ReadAt: now, Until: until, Spans: spans}
	if err != nil {
		busy.Failure, busy.Spans, busy.Until = err.Error(), k.spans, k.until
	} else {
		k.spans, k.until = busy.Spans, until
	}
	s.tell(rep, k, problems, err)
	if err := s.Store.SaveBusy(ctx, busy); err != nil && ctx.Err() == nil {
		s.Log.Error("save busy times", "rep", rep.ID, "err", err)
		k.changed, k.size = time.Time{}, -2 // tried again at the next poll
	}
}

// tell logs what is wrong with a calendar, and that it is right again, once each.
func (s *Sync) tell(rep *flows.Rep, k *known, problems []Problem, err error) {
	say := ""
	if err != nil {
		say = err.Error()
	} else if len(problems) > 0 {
		say = problems[0].Error()
	}
	if say == k.said {
		return
	}
	switch {
	case err != nil:
		s.Log.Error("a calendar cannot be read; the rep is not offered", "rep", rep.ID, "err", err)
	case len(problems) > 0:
		s.Log.Warn("a calendar was read with problems", "rep", rep.ID, "problems", len(problems), "first", say)
	default:
		s.Log.Info("a calendar is read again", "rep", rep.ID)
	}
	k.said = say
}
