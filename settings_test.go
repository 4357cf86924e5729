package main

import (
	"errors"
	"net"
	"os/exec"
	"strings"
	"testing"
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
