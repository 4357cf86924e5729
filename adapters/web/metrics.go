package web

import (
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
	m.registry.MustRegister(m.frames, m.turns, m.refused, open)
	m.kinds = map[string]kind{}
	for _, name := range []string{typeHello, typeSay, typeTyping, typeVisit, typeIdentify} {
		m.kinds[name] = kind{m.frames.WithLabelValues(name), m.turns.WithLabelValues(name)}
	}
	return m
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
