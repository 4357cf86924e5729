package web

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics is what an operator watches of the channel.
type metrics struct {
	registry *prometheus.Registry
	frames   *prometheus.CounterVec
	turns    *prometheus.HistogramVec
	refused  *prometheus.CounterVec
	kinds    map[string]kind
}

// kind is what is counted of one type of frame.
type kind struct {
	frames prometheus.Counter
	turns  prometheus.Observer
}

// turnBuckets reach from a turn in memory to one that a visitor gives up on.
var turnBuckets = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 15}

func newMetrics(s *Server) *metrics {
	m := &metrics{
		registry: s.Registry,
		frames:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "usher_web_frames_total", Help: "Frames taken, by type."}, []string{"type"}),
		turns:    prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "usher_web_turn_seconds", Help: "Time from a frame to what it led to being stored.", Buckets: turnBuckets}, []string{"type"}),
		refused:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "usher_web_refused_total", Help: "Frames and requests refused, by the code they were answered with."}, []string{"code"}),
	}
	if m.registry == nil {
		m.registry = prometheus.NewRegistry()
		m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	}
	open := prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "usher_web_connections", Help: "Sockets and event streams open now."}, func() float64 { return float64(s.connections()) })
	m.registry.MustRegister(m.frames, m.turns, m.refused, open, totals{s})
	m.kinds = map[string]kind{}
	for _, name := range []string{typeHello, typeSay, typeTyping, typeVisit, typeIdentify} {
		m.kinds[name] = kind{m.frames.WithLabelValues(name), m.turns.WithLabelValues(name)}
	}
	return m
}

// totals are read of the house when somebody asks for the metrics.
type totals struct{ *Server }

var (
	turnsTaken  = prometheus.NewDesc("usher_turns_total", "Turns the bot has taken, of all channels.", nil, nil)
	turnsTime   = prometheus.NewDesc("usher_turn_seconds_total", "Time spent in turns, of all channels.", nil, nil)
	calendarAge = prometheus.NewDesc("usher_calendar_age_seconds", "Time since a rep's calendars were last read in full, told by the node that reads them; -1 = they never were.", []string{"rep"}, nil)
	leadsWait   = prometheus.NewDesc("usher_leads_waiting", "Leads that nobody can take now, by the team or rep they wait for.", []string{"place"}, nil)
	jobsStored  = prometheus.NewDesc("usher_jobs", "Jobs of all nodes, by state; a dead one waits for the operator.", []string{"state"}, nil)
)

// Describe says what there may be.
func (t totals) Describe(out chan<- *prometheus.Desc) {
	out <- turnsTaken
	out <- turnsTime
	out <- jobsStored
	out <- leadsWait
	out <- calendarAge
}

// Collect reads. While the store is away there are no figures of the jobs, and the rest is told all the same.
func (t totals) Collect(out chan<- prometheus.Metric) {
	if t.Counts != nil {
		c := t.Counts()
		out <- prometheus.MustNewConstMetric(turnsTaken, prometheus.CounterValue, float64(c.Turns))
		out <- prometheus.MustNewConstMetric(turnsTime, prometheus.CounterValue, c.Seconds)
	}
	if t.CalendarAges != nil {
		for rep, age := range t.CalendarAges() {
			out <- prometheus.MustNewConstMetric(calendarAge, prometheus.GaugeValue, ageOf(age), rep)
		}
	}
	t.count(out, jobsStored, t.Jobs)
	t.count(out, leadsWait, t.Waiting)
}

// count tells what the store counts by one word.
func (t totals) count(out chan<- prometheus.Metric, of *prometheus.Desc, read func(context.Context) (map[string]int, error)) {
	if read == nil {
		return
	}
	ctx, cancel := context.WithTimeout(t.ctx, readyWait)
	defer cancel()
	counts, err := read(ctx)
	if err != nil {
		t.log().Warn("not counted for the metrics", "metric", of.String(), "err", err)
		return
	}
	for word, n := range counts {
		out <- prometheus.MustNewConstMetric(of, prometheus.GaugeValue, float64(n), word)
	}
}

// turn counts one frame carried to the house.
func (m *metrics) turn(name string, took time.Duration) {
	k := m.kinds[name]
	k.frames.Inc()
	k.turns.Observe(took.Seconds())
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// ageOf is an age in seconds, -1 where there is none.
func ageOf(d time.Duration) float64 {
	if d < 0 {
		return -1
	}
	return d.Seconds()
}
