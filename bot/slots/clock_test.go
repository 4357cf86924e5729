package slots_test

import (
	_ "embed"
	"runtime"
	"strings"
	"testing"
	"time"

	"usher/bot/slots"
	"usher/flows"
)

//go:embed testdata/zones.txt
var zoneNames string

// changes lists when the zone's clock is changed in 2026.
func changes(l *time.Location) []time.Time {
	var out []time.Time
	for t := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC); ; {
		_, t = t.In(l).ZoneBounds()
		if t.IsZero() || t.Year() > 2026 {
			return out
		}
		out = append(out, t.UTC())
	}
}

// read is the instant of a wall clock's reading by RFC 5545 3.3.5, by trying the offsets before and after.
func read(date time.Time, minutes int, l *time.Location) time.Time {
	wall := date.Add(time.Duration(minutes) * time.Minute)
	_, before := wall.Add(-26 * time.Hour).In(l).Zone()
	_, after := wall.Add(26 * time.Hour).In(l).Zone()
	for _, offset := range []int{max(before, after), min(before, after)} {
		t := wall.Add(-time.Duration(offset) * time.Second)
		if _, has := t.In(l).Zone(); has == offset {
			return t
		}
	}
	return wall.Add(-time.Duration(before) * time.Second)
}

// Every zone with a clock change × every hour at which a rep's day may begin × both changes × meetings that last from
// half an hour to across midnight × hours that are weekly, of single dates, or kept on a journey: what is free is exactly
// what the calendar on the wall says.
func TestFreeTimesAroundEveryClockChange(t *testing.T) {
	zones, cases, seen := 0, 0, map[string]bool{}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for name := range strings.FieldsSeq(zoneNames) {
		l := zone(t, name)
		turns := changes(l)
		if len(turns) > 0 {
			zones++
		}
		for _, turn := range turns {
			clock := clockAround(turn, l)
			if seen[clock] {
				continue // the same clock under another name
			}
			seen[clock] = true
			for hour := range 24 {
				for _, minutes := range []int{30, 150, 660} {
					for _, way := range []way{weekly, dated, abroad} {
						cases++
						around(t, matrix{l, turn, hour, minutes, way})
					}
				}
			}
			if t.Failed() {
				t.Fatalf("in %s around %v", name, turn)
			}
		}
	}
	runtime.ReadMemStats(&after)
	each := (after.TotalAlloc - before.TotalAlloc) / uint64(cases)
	t.Logf("%d zones, %d cases, %d bytes each", zones, cases, each)
	if each > 64<<10 {
		t.Errorf("a case of two days takes %d bytes", each)
	}
	if zones < 100 || cases < 10000 {
		t.Errorf("only %d zones and %d cases", zones, cases)
	}
}

// clockAround tells a clock change from others: when it is, and the offsets before and after.
func clockAround(turn time.Time, l *time.Location) string {
	return turn.Add(-time.Second).In(l).Format(time.RFC3339) + turn.In(l).Format(time.RFC3339)
}

// way is how a rep comes to keep hours on the days around a clock change.
type way int

const (
	weekly way = iota
	dated      // the week is closed; each of the days has hours of its own
	abroad     // the rep lives elsewhere and travels to the zone
)

// matrix is one case: twelve hours from the given one, every day, around the turn.
type matrix struct {
	*time.Location
	turn    time.Time
	hour    int
	minutes int
	way     way
}

// rep keeps the hours of the case, by its way.
func (m matrix) rep() *flows.Rep {
	from, to := m.hour*60, m.hour*60+720
	day := []flows.Span{{From: from, To: min(to, 1440)}}
	if to > 1440 {
		day = append([]flows.Span{{From: 0, To: to - 1440}}, day...)
	}
	local := m.turn.In(m.Location)
	days := flows.DateRange{From: date(local.AddDate(0, 0, -4)), To: date(local.AddDate(0, 0, 4))}
	rep := &flows.Rep{ID: "r", Location: m.Location, Hours: &flows.Hours{}}
	switch m.way {
	case dated:
		rep.Dates = []flows.DayHours{{DateRange: days, Spans: day}}
		return rep
	case abroad:
		rep.Location = time.FixedZone("elsewhere", -9*3600-1800)
		rep.Travel = []flows.Stay{{DateRange: days, Location: m.Location}}
	}
	for d := range rep.Hours.Week {
		rep.Hours.Week[d] = day
	}
	return rep
}

func date(t time.Time) flows.Date {
	return flows.Date{Year: t.Year(), Month: t.Month(), Day: t.Day()}
}

// around compares Free with the oracle.
func around(t *testing.T, m matrix) {
	t.Helper()
	begin := m.turn.Add(-24 * time.Hour)
	r := slots.Request{
		Rep:     m.rep(),
		Rules:   flows.MeetingRules{Horizon: 48 * time.Hour, Every: 30 * time.Minute},
		Minutes: m.minutes, Now: begin,
	}
	free := slots.Free(r, 0)
	i := 0
	for at := begin; !at.After(begin.Add(48 * time.Hour)); at = at.Add(15 * time.Minute) {
		offered := i < len(free) && free[i].Start.Equal(at)
		if offered {
			i++
		}
		if want := open(at, m.minutes, m.hour*60, m.hour*60+720, m.Location); offered != want {
			t.Errorf("hours from %d:00, %d minutes, way %d, %v: offered %v, want %v", m.hour, m.minutes, m.way, at.In(m.Location), offered, want)
			return
		}
	}
	if i != len(free) {
		t.Errorf("%v is offered off every grid", free[i].Start.In(m.Location))
	}
}

// open says whether a meeting at the instant is on the half hour and in the hours of its day or of the day before.
func open(at time.Time, minutes, from, to int, l *time.Location) bool {
	local := at.In(l)
	if local.Minute()%30 != 0 {
		return false
	}
	end := at.Add(time.Duration(minutes) * time.Minute)
	for back := range 3 {
		date := time.Date(local.Year(), local.Month(), local.Day()+1-back, 0, 0, 0, 0, time.UTC)
		if !at.Before(read(date, from, l)) && !end.After(read(date, to, l)) {
			return true
		}
	}
	return false
}

func TestAReadingThatComesTwiceIsTheFirst(t *testing.T) {
	r := slots.Request{
		Rep:     &flows.Rep{ID: "r", Location: zone(t, "Europe/Berlin"), Hours: &flows.Hours{}},
		Rules:   flows.MeetingRules{Horizon: 24 * time.Hour, Every: 30 * time.Minute},
		Minutes: 30, Now: at(t, "2026-10-24T22:00:00Z"),
	}
	r.Rep.Hours.Week[time.Sunday] = []flows.Span{{From: 120, To: 150}} // 02:00 to 02:30, when 02:00 to 03:00 comes twice
	free := slots.Free(r, 0)
	if len(free) != 1 || !free[0].Start.Equal(at(t, "2026-10-25T00:00:00Z")) {
		t.Errorf("%v", free)
	}
}

func TestAReadingThatIsSkippedTakesTheOffsetBefore(t *testing.T) {
	r := slots.Request{
		Rep:     &flows.Rep{ID: "r", Location: zone(t, "Europe/Berlin"), Hours: &flows.Hours{}},
		Rules:   flows.MeetingRules{Horizon: 24 * time.Hour, Every: 30 * time.Minute},
		Minutes: 30, Now: at(t, "2026-03-28T23:00:00Z"),
	}
	r.Rep.Hours.Week[time.Sunday] = []flows.Span{{From: 150, To: 240}} // from 02:30, when 02:00 to 03:00 is skipped, to 04:00
	got := starts(slots.Free(r, 0), r.Rep.Location)
	if len(got) != 1 || got[0] != "Sun 03:30" {
		t.Errorf("%v", got)
	}
}
