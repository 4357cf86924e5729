package web

import "time"

// Bounds that no setting changes.
const (
	MaxFrame     = 16 << 10         // bytes of a frame: four screens of text and its envelope
	MaxID        = 64               // bytes of a client's message id: a UUID has 36
	MaxRefusals  = 100              // frames refused in a row for their rate, after which the socket is closed: no widget does this
	turnWait     = 15 * time.Second // for one turn; a visitor has gone on waiting no longer
	lingerWait   = 2 * time.Second  // for the peer's half of a close
	lingerBytes  = 1 << 20          // read and thrown away meanwhile, so that no reset eats the close frame
	typingAfter  = 400 * time.Millisecond
	pageSize     = 64 // messages read from the transcript at once
	retryAfter   = 2  // seconds a refused client is told to wait
	maxPath      = 512
	maxTitle     = 200
	maxUTM       = 200
	maxLanguage  = 35 // RFC 5646 4.4.1
	maxTableSize = 50_000
)

// Limits are what one node and one visitor may take; a zero member has its default.
type Limits struct {
	Connections  int           // sockets and event streams open at once: 20,000
	PerAddress   int           // of them from one address: 500, for a large office behind one; loopback is exempt
	VisitorRate  float64       // frames a second of one visitor, on average: 5
	VisitorBurst int           // frames at once: 30, a whole conversation clicked through
	AddressRate  float64       // frames a second from one address: 50; loopback is exempt
	AddressBurst int           // frames at once: 300
	SiteRate     float64       // new visitors a second of one site, from whatever addresses: 50; loopback is exempt
	SiteBurst    int           // new visitors at once: 1,000, what a mention on television sends
	HelloWait    time.Duration // until the first frame: 10 s
	WriteWait    time.Duration // 10 s; a reader that takes no byte for so long is closed, and replays later
	PingEvery    time.Duration // 45 s, for proxies commonly drop what is silent for 60
}

// helloCost is how many frames of an address's budget an arrival counts for: it may make a visitor and a conversation.
const helloCost = 10

func (l Limits) withDefaults() Limits {
	l.Connections = or(l.Connections, 20_000)
	l.PerAddress = or(l.PerAddress, 500)
	l.VisitorRate = or(l.VisitorRate, 5)
	l.VisitorBurst = or(l.VisitorBurst, 30)
	l.AddressRate = or(l.AddressRate, 50)
	l.AddressBurst = or(l.AddressBurst, 300)
	l.SiteRate = or(l.SiteRate, 50)
	l.SiteBurst = or(l.SiteBurst, 1000)
	l.HelloWait = or(l.HelloWait, 10*time.Second)
	l.WriteWait = or(l.WriteWait, 10*time.Second)
	l.PingEvery = or(l.PingEvery, 45*time.Second)
	return l
}

func or[T int | float64 | time.Duration](v, otherwise T) T {
	if v > 0 {
		return v
	}
	return otherwise
}
