package main

import (
	"errors"
	"fmt"
	"net"
	"os/exec"
	"strings"
	"testing"

	"usher/adapters/web"
)

// refused runs `usher serve` with settings it must refuse, and gives its exit code and what it said.
func refused(t *testing.T, env []string, args ...string) (code int, said string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), usherBin, append([]string{"serve", "--data", t.TempDir()}, args...)...)
	cmd.Env = append(cmd.Environ(), env...)
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		t.Fatalf("it ended with %v\n%s", err, out)
	}
	return exit.ExitCode(), string(out)
}

func TestShownConfigurationHidesSecrets(t *testing.T) {
	s := &serve{
		Database: "postgres://usher:hush-database@db/usher",
		Settings: web.Settings{Key: "hush-key-hush-key-hush-key-hush-key", Listen: "127.0.0.1:8080"},
	}
	shown := fmt.Sprint(s.shown()...)
	if strings.Contains(shown, "hush") || !strings.Contains(shown, "usher:xxxxx@db") {
		t.Error(shown)
	}
}

func TestSettingsThatMeanNothingAreRefused(t *testing.T) {
	for said, settings := range map[string][]string{
		`--listen "8080"`:               {"--listen", "8080"},
		`--listen "127.0.0.1:"`:         {"--listen", "127.0.0.1:"},
		`--origins "www.acme.example"`:  {"--origins", "https://acme.example,www.acme.example"},
		`--origins "https://a.ex/shop"`: {"--origins", "https://a.ex/shop"},
		`--origins "*"`:                 {"--origins", "*"},
		`--url "acme"`:                  {"--url", "acme"},
	} {
		if code, out := refused(t, nil, settings...); code != 2 || !strings.Contains(out, said) || !strings.Contains(out, "write it like") {
			t.Errorf("%v: exit code %d, %s", settings, code, out)
		}
	}
	t.Run("half an account of mail or calendars does not start", func(t *testing.T) {
		for said, env := range map[string][]string{
			"USHER_MAIL_FROM":                             {"USHER_SMTP=smtp://mail.acme.example:587"},
			"USHER_IMAP without USHER_SMTP":               {"USHER_IMAP=imaps://meet@mail.acme.example"},
			"USHER_GOOGLE_CLIENT and USHER_GOOGLE_SECRET": {"USHER_GOOGLE_CLIENT=id"},
			"USHER_SECRET_KEY has 5 characters":           {"USHER_SECRET_KEY=short"},
			`"next door" is no address`:                   {"USHER_CALENDAR_ALLOW=next door"},
		} {
			if code, out := refused(t, env, "--listen", "127.0.0.1:0"); code != 2 || !strings.Contains(out, said) {
				t.Errorf("%v: exit code %d, %s", env, code, out)
			}
		}
	})
	t.Run("an empty variable does not open the port to every network", func(t *testing.T) {
		if code, out := refused(t, []string{"USHER_LISTEN="}); code != 2 || !strings.Contains(out, "--listen") {
			t.Errorf("exit code %d, %s", code, out)
		}
	})
	t.Run("a taken port says what to do", func(t *testing.T) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		if code, out := refused(t, nil, "--listen", l.Addr().String()); code != 1 || !strings.Contains(out, "take another address with --listen") {
			t.Errorf("exit code %d, %s", code, out)
		}
	})
}
