package guard

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"
)

func TestWhereAClientMayNotGo(t *testing.T) {
	for _, address := range []string{
		"127.0.0.1", "127.9.9.9", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.255",
		"192.0.0.8", "198.18.0.1", "198.19.255.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
		"::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1",
		"64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::1", "2002:a00:1::1", "2001:0:4136:e378::1", "100::1",
	} {
		if err := dialled(net.JoinHostPort(address, "443"), nil); !errors.Is(err, ErrPrivate) {
			t.Errorf("%s is dialled: %v", address, err)
		}
	}
	for _, address := range []string{"1.1.1.1", "93.184.216.34", "172.32.0.1", "100.128.0.1", "198.20.0.1", "2606:4700:4700::1111", "2a00:1450:4001::1"} {
		if err := dialled(net.JoinHostPort(address, "443"), nil); err != nil {
			t.Errorf("%s is not dialled: %v", address, err)
		}
	}
	if err := dialled("not an address", nil); err == nil {
		t.Error("what cannot be read is not dialled")
	}
	allow := []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")}
	if err := dialled("[::ffff:10.1.2.3]:443", allow); err != nil {
		t.Errorf("a range that was allowed: %v", err)
	}
	if dialled("10.2.0.1:443", allow) == nil {
		t.Error("another one")
	}
}

// loopback is a client that may dial this machine alone.
func loopback() *http.Client {
	return Client([]netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")})
}

func get(t *testing.T, c *http.Client, address string) (*http.Response, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth("asha", "secret")
	req.Header.Set("Cookie", "a=b")
	res, err := c.Do(req)
	if err == nil {
		t.Cleanup(func() { res.Body.Close() }) //nolint:errcheck // nothing is read
	}
	return res, err
}

func TestRedirects(t *testing.T) {
	var seen []http.Header
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen = append(seen, r.Header) }))
	defer other.Close()
	var to string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/end" {
			http.Redirect(w, r, to, http.StatusFound)
			return
		}
		seen = append(seen, r.Header)
	}))
	defer server.Close()

	t.Run("a name that answers with an inner address is not dialled", func(t *testing.T) {
		if _, err := get(t, Client(nil), strings.Replace(other.URL, "127.0.0.1", "localhost", 1)); !errors.Is(err, ErrPrivate) {
			t.Error(err)
		}
	})
	t.Run("nor where a redirect leads to one", func(t *testing.T) {
		to = "http://169.254.169.254/latest/meta-data"
		if _, err := get(t, loopback(), server.URL); !errors.Is(err, ErrPrivate) {
			t.Error(err)
		}
	})
	t.Run("credentials stay with the host they are for", func(t *testing.T) {
		seen, to = nil, strings.Replace(other.URL, "http://", "http://x:y@", 1)
		if _, err := get(t, loopback(), server.URL+"/secret-address"); err != nil || len(seen) != 1 {
			t.Fatal(err)
		}
		for _, name := range []string{"Authorization", "Cookie", "Referer"} {
			if got := seen[0].Get(name); got != "" {
				t.Errorf("%s: %s", name, got)
			}
		}
	})
	t.Run("and are kept on the same one", func(t *testing.T) {
		seen, to = nil, "/end"
		if _, err := get(t, loopback(), server.URL); err != nil || len(seen) != 1 || seen[0].Get("Authorization") == "" {
			t.Error(err, seen)
		}
	})
	t.Run("a circle ends", func(t *testing.T) {
		to = "/again"
		if _, err := get(t, loopback(), server.URL); err == nil {
			t.Error("no error")
		}
	})
	t.Run("none leads to another scheme", func(t *testing.T) {
		for _, address := range []string{"file:///etc/passwd", "ftp://127.0.0.1/"} {
			to = address
			if _, err := get(t, loopback(), server.URL); err == nil {
				t.Error(address)
			}
		}
	})
	t.Run("nor from https to http", func(t *testing.T) {
		secure := httptest.NewTLSServer(http.RedirectHandler(other.URL, http.StatusFound))
		defer secure.Close()
		client := loopback()
		client.Transport.(*http.Transport).TLSClientConfig = secure.Client().Transport.(*http.Transport).TLSClientConfig
		if _, err := get(t, client, secure.URL); err == nil || !strings.Contains(err.Error(), "https to http") {
			t.Error(err)
		}
	})
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Duration{
		"": 0, "120": 2 * time.Minute, " 5 ": 5 * time.Second, "-3": 0, "soon": 0,
		"Sun, 22 Nov 2026 09:10:00 GMT": 10 * time.Minute, "Sun, 22 Nov 2026 08:10:00 GMT": 0,
	} {
		if got := RetryAfter(http.Header{"Retry-After": {text}}, now); got != want {
			t.Errorf("%q: %s, not %s", text, got, want)
		}
	}
}

func TestNamed(t *testing.T) {
	allow, err := Ranges("ALLOW", []string{"127.0.0.1", "10.1.0.0/16"})
	if err != nil {
		t.Fatal(err)
	}
	for address, fine := range map[string]bool{
		"https://crm.example/in": true, "https://8.8.8.8/": true, "https://10.1.2.3/": true, "http://localhost:80/": true, "http://127.0.0.1/": true,
		"https://10.2.0.1/": false, "https://169.254.169.254/": false, "https://[::1]/": false, "https://[fe80::1%25eth0]/": false, "https://127.0.0.2/": false,
		"https://[::ffff:192.168.0.1]:443/": false, "https://[fd00::1]/": false, "https://0.0.0.0/": false,
	} {
		if err := Named(address, allow); (err == nil) != fine || err != nil && !errors.Is(err, ErrPrivate) {
			t.Errorf("%s: %v", address, err)
		}
	}
}
