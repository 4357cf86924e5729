// Package guard owns the way out to addresses that somebody else wrote: a client that connects to public addresses alone,
// and what its answers say about when to come again. Every adapter that dials what a workspace or a person names goes
// through it.
package guard

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// ErrPrivate says that an address written by somebody leads into a network that is not public.
var ErrPrivate = errors.New("the address leads into a private network")

// Bounds of a guarded client. Whoever uses it bounds the body, and the whole by a context.
const (
	dialFor    = 10 * time.Second
	headersFor = 20 * time.Second
	maxHeader  = 64 << 10
)

// MaxRedirects is how many redirects are followed in a row.
const MaxRedirects = 5

// Client is a client for addresses that somebody else wrote: it connects to public addresses alone, and to the ranges of
// allow. The check is made of the address that is dialled, on every connection and redirect, so that a name that answers
// differently each time is of no help. A redirect to another host takes no credentials and no referrer along, and none
// leads from https to http. There is no proxy: it would dial unchecked.
func Client(allow []netip.Prefix) *http.Client {
	control := func(_, address string, _ syscall.RawConn) error { return dialled(address, allow) }
	dialer := &net.Dialer{Timeout: dialFor, KeepAlive: 30 * time.Second, Control: control}
	return &http.Client{
		CheckRedirect: followed,
		Transport: &http.Transport{
			DialContext:            dialer.DialContext,
			ForceAttemptHTTP2:      true,
			TLSHandshakeTimeout:    dialFor,
			ResponseHeaderTimeout:  headersFor,
			IdleConnTimeout:        30 * time.Second,
			MaxIdleConnsPerHost:    2,
			MaxResponseHeaderBytes: maxHeader,
		},
	}
}

// dialled refuses an address that is about to be dialled.
func dialled(address string, allow []netip.Prefix) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %s", ErrPrivate, address)
	}
	return reached(at.Addr(), allow)
}

func reached(ip netip.Addr, allow []netip.Prefix) error {
	ip = ip.Unmap().WithZone("")
	for _, range_ := range allow {
		if range_.Contains(ip) {
			return nil
		}
	}
	if !public(ip) {
		return fmt.Errorf("%w: %s", ErrPrivate, ip)
	}
	return nil
}

// Named refuses an address that names a machine, by its number or as localhost, to which a client with that allow would not
// connect: so much is known before it is dialled. The error is an ErrPrivate.
func Named(address string, allow []netip.Prefix) error {
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	if strings.EqualFold(u.Hostname(), "localhost") {
		if reached(netip.IPv6Loopback(), allow) == nil {
			return nil
		}
		return reached(netip.AddrFrom4([4]byte{127, 0, 0, 1}), allow)
	}
	ip, err := netip.ParseAddr(u.Hostname())
	if err != nil {
		return nil // a name
	}
	return reached(ip, allow)
}

// notPublic are the ranges beside those that netip knows by name: this network, carrier-grade NAT (RFC 6598), protocol
// assignments, benchmarks (RFC 2544), reserved and broadcast; and of IPv6 what carries an IPv4 address in it (compatible,
// NAT64, Teredo, 6to4), discard and the old site-local.
var notPublic = ranges("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "198.18.0.0/15", "240.0.0.0/4",
	"::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/32", "2002::/16", "fec0::/10")

func ranges(list ...string) (out []netip.Prefix) {
	for _, s := range list {
		out = append(out, netip.MustParsePrefix(s))
	}
	return out
}

func public(ip netip.Addr) bool {
	if !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return false // loopback, link-local, multicast and unspecified are no global unicast
	}
	for _, r := range notPublic {
		if r.Contains(ip) {
			return false
		}
	}
	return true
}

// followed decides on a redirect.
func followed(req *http.Request, via []*http.Request) error {
	first := via[0].URL
	switch {
	case len(via) > MaxRedirects:
		return fmt.Errorf("more than %d redirects", MaxRedirects)
	case req.URL.Scheme != "https" && (first.Scheme == "https" || req.URL.Scheme != "http"):
		return fmt.Errorf("redirected from %s to %s", first.Scheme, req.URL.Scheme)
	}
	req.Header.Del("Referer") // a secret address is passed on to nobody
	for _, r := range append(via, req) {
		if !strings.EqualFold(r.URL.Host, first.Host) {
			req.Header.Del("Authorization")
			req.Header.Del("Cookie")
			req.URL.User = nil
		}
	}
	return nil
}

// Unnamed is the error of a request without the address that net/http puts in front: an address may be a secret.
func Unnamed(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// RetryAfter is how long a server asks to be left alone, RFC 9110 10.2.3; 0 = it does not say.
func RetryAfter(h http.Header, now time.Time) time.Duration {
	text := strings.TrimSpace(h.Get("Retry-After"))
	if n, err := strconv.Atoi(text); err == nil && n > 0 {
		return time.Duration(min(n, 1<<20)) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil && at.After(now) {
		return at.Sub(now)
	}
	return 0
}

// Ranges reads private ranges that an operator allows; a single address is a range of one. The setting is named in the
// error.
func Ranges(setting string, list []string) (nets []netip.Prefix, err error) {
	for _, text := range list {
		text = strings.TrimSpace(text)
		if text == "" {
			continue
		}
		net, err := netip.ParsePrefix(text)
		if addr, e := netip.ParseAddr(text); e == nil {
			net, err = netip.PrefixFrom(addr, addr.BitLen()), nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %q is no address or range; write 10.1.0.0/16 or 127.0.0.1", setting, text)
		}
		nets = append(nets, net.Masked())
	}
	return nets, nil
}

// Meant is the machine that an address which a person typed names itself, by its number or as localhost: that one is
// meant, whatever network it is in.
func Meant(address string) []netip.Prefix {
	u, err := url.Parse(address)
	if err != nil {
		return nil
	}
	if strings.EqualFold(u.Hostname(), "localhost") {
		return ranges("127.0.0.0/8", "::1/128")
	}
	ip, err := netip.ParseAddr(u.Hostname())
	if err != nil {
		return nil
	}
	ip = ip.Unmap().WithZone("")
	return []netip.Prefix{netip.PrefixFrom(ip, ip.BitLen())}
}
