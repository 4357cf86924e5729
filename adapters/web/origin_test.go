package web

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
)

func TestOrigins(t *testing.T) {
	listed := []string{"https://acme.example", "https://shop.acme.example:8443/"}
	for _, c := range []struct {
		name    string
		origins []string
		demo    bool
		origin  string
		allowed bool
	}{
		{"none is sent", listed, false, "", true},
		{"listed", listed, false, "https://acme.example", true},
		{"listed, in capitals and with a port", listed, false, "https://Shop.acme.example:8443", true},
		{"another scheme", listed, false, "http://acme.example", false},
		{"another port", listed, false, "https://acme.example:8443", false},
		{"a longer name", listed, false, "https://acme.example.evil.example", false},
		{"a name within", listed, false, "https://notacme.example", false},
		{"null", listed, false, "null", false},
		{"the host itself, where others are listed", listed, false, "http://usher.example", false},
		{"the host itself, with its demo", listed, true, "http://usher.example", true},
		{"the host itself, where none is listed", nil, false, "http://usher.example", true},
		{"the host itself, over https", nil, false, "https://usher.example", true},
		{"the host on another port", nil, false, "http://usher.example:8080", false},
		{"another host, where none is listed", nil, false, "https://acme.example", false},
		{"null, where none is listed", nil, false, "null", false},
		{"an extension", nil, false, "chrome-extension://usher.example", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &Server{Origins: c.origins, Demo: c.demo}
			r := httptest.NewRequest("POST", "http://usher.example/v1/chat", nil)
			if c.origin != "" {
				r.Header.Set("Origin", c.origin)
			}
			if got := s.allowed(r); got != c.allowed {
				t.Fatalf("allowed %v", got)
			}
		})
	}
	t.Run("a wrong origin gets 403, on a socket too", func(t *testing.T) {
		_, _, ts := serve(t, nil)
		resp, a := request(t, "POST", ts.URL+"/v1/chat", hello, "Origin", "https://evil.example")
		if resp.StatusCode != 403 || a.Code != "origin" || resp.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Fatalf("%d %+v", resp.StatusCode, a)
		}
		_, resp, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(ts.URL, "http")+"/v1/chat", http.Header{"Origin": {"https://evil.example"}})
		if err == nil || resp.StatusCode != 403 {
			t.Fatalf("%v %v", resp, err)
		}
	})
	t.Run("an allowed origin may read the answer, and ask before", func(t *testing.T) {
		_, _, ts := serve(t, func(s *Server) { s.Origins = listed })
		resp, _ := request(t, "POST", ts.URL+"/v1/chat", hello, "Origin", "https://acme.example")
		if h := resp.Header; resp.StatusCode != 200 || h.Get("Access-Control-Allow-Origin") != "https://acme.example" || h.Get("Vary") != "Origin" || h.Get("Access-Control-Allow-Credentials") != "" {
			t.Fatalf("%d %v", resp.StatusCode, h)
		}
		resp, _ = request(t, "OPTIONS", ts.URL+"/v1/chat/events", "", "Origin", "https://acme.example", "Access-Control-Request-Method", "GET")
		if h := resp.Header; resp.StatusCode != 204 || !strings.Contains(h.Get("Access-Control-Allow-Headers"), "Authorization") {
			t.Fatalf("%d %v", resp.StatusCode, h)
		}
		resp, _ = request(t, "OPTIONS", ts.URL+"/v1/chat", "", "Origin", "https://evil.example", "Access-Control-Request-Method", "POST")
		if h := resp.Header; resp.StatusCode != 403 || h.Get("Access-Control-Allow-Origin") != "" {
			t.Fatalf("%d %v", resp.StatusCode, h)
		}
	})
	t.Run("a socket of another subprotocol is refused", func(t *testing.T) {
		_, _, ts := serve(t, nil)
		d := websocket.Dialer{Subprotocols: []string{"usher.v9"}}
		if _, resp, err := d.Dial("ws"+strings.TrimPrefix(ts.URL, "http")+"/v1/chat", nil); err == nil || resp.StatusCode != 400 {
			t.Fatalf("%v %v", resp, err)
		}
	})
}

func TestAddress(t *testing.T) {
	ours := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for _, c := range []struct {
		name, peer, forwarded, want string
	}{
		{"no proxy", "192.0.2.1:4711", "", "192.0.2.1"},
		{"a peer that is no proxy of ours may say what it likes", "192.0.2.1:4711", "198.51.100.7", "192.0.2.1"},
		{"our proxy is believed", "10.0.0.1:4711", "198.51.100.7", "198.51.100.7"},
		{"what the client invented stands to the left", "10.0.0.1:4711", "203.0.113.9, 198.51.100.7", "198.51.100.7"},
		{"two proxies of ours", "10.0.0.1:4711", "203.0.113.9, 198.51.100.7, 10.0.0.2", "198.51.100.7"},
		{"only proxies", "10.0.0.1:4711", "10.0.0.3, 10.0.0.2", "10.0.0.3"},
		{"nonsense ends the list", "10.0.0.1:4711", "198.51.100.7, nonsense", "10.0.0.1"},
		{"our proxy without the header", "10.0.0.1:4711", "", "10.0.0.1"},
		{"with a port", "10.0.0.1:4711", "198.51.100.7:99", "198.51.100.7"},
		{"IPv6", "[fd00::1]:4711", "2001:db8::5", "2001:db8::5"},
		{"IPv4 in IPv6", "[::ffff:10.0.0.1]:4711", "::ffff:198.51.100.7", "198.51.100.7"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest("GET", "/", nil)
			r.RemoteAddr = c.peer
			if c.forwarded != "" {
				r.Header.Set("X-Forwarded-For", c.forwarded)
			}
			if got := (&Server{TrustedProxies: ours}).address(r); got.String() != c.want {
				t.Fatalf("got %s, want %s", got, c.want)
			}
		})
	}
	t.Run("several headers are one list", func(t *testing.T) {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = "10.0.0.1:1"
		r.Header["X-Forwarded-For"] = []string{"203.0.113.9", "198.51.100.7"}
		if got := (&Server{TrustedProxies: ours}).address(r); got.String() != "198.51.100.7" {
			t.Fatal(got)
		}
	})
}

func TestCrowds(t *testing.T) {
	behind := func(s *Server) { s.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} }
	t.Run("an address has a budget of its own", func(t *testing.T) {
		_, _, ts := serve(t, func(s *Server) { behind(s); s.Limits.AddressBurst, s.Limits.AddressRate = helloCost, 1e-9 })
		for _, c := range []struct {
			from   string
			status int
		}{{"198.51.100.7", 200}, {"198.51.100.7", 429}, {"198.51.100.8", 200}, {"2001:db8::1", 200}, {"2001:db8::2", 429}, {"2001:db8:1::", 200}} {
			if resp, _ := request(t, "POST", ts.URL+"/v1/chat", hello, "X-Forwarded-For", c.from); resp.StatusCode != c.status {
				t.Errorf("%s: %d", c.from, resp.StatusCode)
			}
		}
	})
	t.Run("a site has a budget of new visitors from whatever addresses, and who comes again needs none", func(t *testing.T) {
		_, _, ts := serve(t, func(s *Server) { behind(s); s.Limits.SiteBurst, s.Limits.SiteRate = 1, 1e-9 })
		first, body := request(t, "POST", ts.URL+"/v1/chat", hello, "X-Forwarded-For", "198.51.100.7")
		if first.StatusCode != 200 {
			t.Fatal(first.Status)
		}
		if second, _ := request(t, "POST", ts.URL+"/v1/chat", hello, "X-Forwarded-For", "198.51.100.8"); second.StatusCode != 429 {
			t.Errorf("the second new visitor: %s", second.Status)
		}
		if forged, _ := request(t, "POST", ts.URL+"/v1/chat", helloAgain("forged", 0), "X-Forwarded-For", "198.51.100.8"); forged.StatusCode != 429 {
			t.Errorf("somebody with a forged token: %s", forged.Status)
		}
		if again, _ := request(t, "POST", ts.URL+"/v1/chat", helloAgain(body.Token, 0), "X-Forwarded-For", "198.51.100.9"); again.StatusCode != 200 {
			t.Errorf("the first who comes again: %s", again.Status)
		}
	})
	t.Run("a full server asks to come again", func(t *testing.T) {
		_, _, ts := serve(t, func(s *Server) { s.Limits.Connections = 1 })
		c, _ := arrive(t, ts, hello)
		c.messages(1)
		_, resp, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(ts.URL, "http")+"/v1/chat", nil)
		if err == nil || resp.StatusCode != 503 || resp.Header.Get("Retry-After") == "" {
			t.Fatalf("%v %v", resp, err)
		}
	})
	t.Run("one address cannot take all places", func(t *testing.T) {
		_, _, ts := serve(t, func(s *Server) { behind(s); s.Limits.PerAddress = 1 })
		from := http.Header{"X-Forwarded-For": {"198.51.100.7"}}
		conn, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(ts.URL, "http")+"/v1/chat", from)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, resp, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(ts.URL, "http")+"/v1/chat", from); err == nil || resp.StatusCode != 429 {
			t.Fatalf("%v %v", resp, err)
		}
		c, _ := arrive(t, ts, hello) // from loopback
		c.messages(1)
	})
	t.Run("one subscriber's IPv6 addresses are one address", func(t *testing.T) {
		_, _, ts := serve(t, func(s *Server) { behind(s); s.Limits.PerAddress = 1 })
		for _, x := range []struct {
			from string
			in   bool
		}{{"2001:db8::1", true}, {"2001:db8::2", false}, {"2001:db8:1::2", true}} {
			conn, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(ts.URL, "http")+"/v1/chat", http.Header{"X-Forwarded-For": {x.from}})
			if (err == nil) != x.in {
				t.Fatalf("%s: %v", x.from, err)
			}
			if err == nil {
				defer conn.Close()
			}
		}
	})
	t.Run("guessing tokens has a budget too", func(t *testing.T) {
		_, _, ts := serve(t, func(s *Server) { behind(s); s.Limits.AddressBurst, s.Limits.AddressRate = 1, 1e-9 })
		for _, status := range []int{401, 429} {
			resp, _ := request(t, "POST", ts.URL+"/v1/chat", say("a", "x"), "Authorization", "Bearer guess", "X-Forwarded-For", "198.51.100.7")
			if resp.StatusCode != status {
				t.Errorf("%s, want %d", resp.Status, status)
			}
		}
	})
	t.Run("a link that is not signed leaves nothing behind", func(t *testing.T) {
		s, _, ts := serve(t, nil)
		request(t, "GET", ts.URL+"/m/anything", "")
		if n := len(s.rates.visitors.keys); n != 0 {
			t.Errorf("%d budgets", n)
		}
	})
	t.Run("the table of budgets is bounded", func(t *testing.T) {
		s := &Server{Limits: Limits{VisitorBurst: 1, VisitorRate: 1e-9}}
		s.setup()
		table := s.rates.visitors
		for i := range maxTableSize + 10 {
			table.allow(string(rune(i)), s.now(), 1)
		}
		if len(table.keys) != maxTableSize || table.seen.Len() != maxTableSize {
			t.Fatalf("%d keys, %d in order", len(table.keys), table.seen.Len())
		}
		if table.allow(string(rune(maxTableSize)), s.now(), 1) {
			t.Fatal("the newest was forgotten")
		}
	})
}
