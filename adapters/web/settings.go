package web

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// Settings are what an operator says about the website channel; the tags are flags and variables of the server.
type Settings struct {
	Listen  string         `help:"Address to serve on." default:"127.0.0.1:8080" env:"USHER_LISTEN"`
	URL     string         `help:"Address visitors see, for links; without it http:// and the listening address." env:"USHER_URL" placeholder:"https://…"`
	Origins []string       `help:"Websites that may open the chat, as https://www.example.com; empty means this host alone." env:"USHER_ORIGINS"`
	Proxies []netip.Prefix `help:"Proxies whose X-Forwarded-For is believed, as ranges: 10.0.0.0/8." name:"trusted-proxies" env:"USHER_TRUSTED_PROXIES"`
	Key     string         `help:"Secret that signs links, 32 characters or more; the same on all nodes. Without it one is made and kept in the data folder." env:"USHER_KEY" placeholder:"SECRET"`
}

// leastKey is the length of a signing key at least, in characters: as many as the digests have bytes that it signs with.
const leastKey = 32

// Validate refuses addresses that do not mean what their writer meant: a website that could match no visitor's, an empty
// listening address that would be every network's.
func (s *Settings) Validate() error {
	if _, port, err := net.SplitHostPort(s.Listen); err != nil || port == "" {
		return fmt.Errorf("--listen %q is not an address; write it like 127.0.0.1:8080", s.Listen)
	}
	for _, o := range s.Origins {
		if u, err := url.Parse(strings.TrimSuffix(o, "/")); err != nil || !website(u) || u.Path != "" {
			return fmt.Errorf("--origins %q is not a website; write it like https://www.example.com", o)
		}
	}
	if u, err := url.Parse(s.URL); err != nil || s.URL != "" && !website(u) {
		return fmt.Errorf("--url %q is not an address; write it like https://usher.example.com", s.URL)
	}
	return nil
}

func website(u *url.URL) bool { return (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" }

// Address is where visitors reach the server, without a slash at the end.
func (s *Settings) Address() string {
	if s.URL != "" {
		return strings.TrimSuffix(s.URL, "/")
	}
	host, port, err := net.SplitHostPort(s.Listen)
	if ip := net.ParseIP(host); err == nil && (host == "" || ip != nil && ip.IsUnspecified()) {
		return "http://localhost:" + port
	}
	return "http://" + s.Listen
}

// Plain says whether visitors reach the server over a network without https.
func (s *Settings) Plain() bool {
	host, _, err := net.SplitHostPort(s.Listen)
	ip := net.ParseIP(host)
	return err == nil && host != "localhost" && (ip == nil || !ip.IsLoopback()) && !strings.HasPrefix(s.URL, "https://")
}

// ErrNoKey says that a folder has no key to sign links with.
var ErrNoKey = errors.New("there is no key")

// SigningKey is the secret that signs links: the setting, or one made once and kept in the folder.
func (s *Settings) SigningKey(folder string) ([]byte, error) {
	if key, err := s.KeptKey(folder); !errors.Is(err, ErrNoKey) {
		return key, err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	key := []byte(rand.Text() + rand.Text())
	if err := os.WriteFile(keyFile(folder), key, 0o600); err != nil {
		return nil, fmt.Errorf("keep the key: %w", err)
	}
	return key, nil
}

// KeptKey is the secret that a server signs links with, for whoever makes one beside it: the setting, or the one in the
// folder. ErrNoKey where the folder has none: links signed with another would lead nowhere.
func (s *Settings) KeptKey(folder string) ([]byte, error) {
	if s.Key != "" {
		if len(s.Key) < leastKey {
			return nil, fmt.Errorf("USHER_KEY has %d characters; %d is the least", len(s.Key), leastKey)
		}
		return []byte(s.Key), nil
	}
	name := keyFile(folder)
	switch key, err := os.ReadFile(name); {
	case err == nil && len(key) >= leastKey:
		return key, nil
	case err == nil:
		return nil, fmt.Errorf("%s has %d bytes, %d is the least; without the file another key is made, and links that were sent lead nowhere", name, len(key), leastKey)
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%w in %s; name the server's folder with --data, or its secret with USHER_KEY", ErrNoKey, folder)
	default:
		return nil, fmt.Errorf("read the key: %w", err)
	}
}

func keyFile(folder string) string { return filepath.Join(folder, "key") }
