package calendar

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

func checks(list []Finding) string {
	var out []string
	for _, f := range list {
		word := f.Check
		if !f.OK {
			word += ": " + f.Do
		}
		out = append(out, word)
	}
	return strings.Join(out, ", ")
}

func TestAProbeTriesAllAndLeavesNothing(t *testing.T) {
	onServers(t, func(t *testing.T, s *davServer) {
		s.put("work", "a.ics", appointment("a", "20261124T090000Z"))
		list := open(t, s.account("Work")).Probe(t.Context())
		if got := checks(list); got != "find, create, expand, change, invites, delete" {
			t.Errorf("%s\n%+v", got, list)
		}
		if got := s.stands("work"); len(got) != 1 || text(got[0], "UID") != "a" {
			t.Errorf("%+v", got)
		}
	})
}

func TestAProbeSaysWhatToMend(t *testing.T) {
	s := radicale(t)
	for name, x := range map[string]struct {
		method string
		f      fault
		want   []string
	}{
		"down":           {"", severed, []string{"find: look whether the server can be reached"}},
		"read-only":      {http.MethodPut, refuse, []string{"find", "create: give this user the right to write"}},
		"keeps events":   {http.MethodDelete, broken, []string{"find", "create", "expand", "change", "invites", "delete: "}},
		"is not asked":   {http.MethodOptions, broken, []string{"find", "create", "expand", "change", "invites: ", "delete"}},
		"loses the word": {http.MethodPut, mute, []string{"find", "create", "expand", "change", "invites", "delete"}},
	} {
		s.breaks(x.method, x.f)
		got := strings.Split(checks(open(t, s.account("Work")).Probe(t.Context())), ", ")
		if !slices.EqualFunc(x.want, got[:min(len(got), len(x.want))], func(want, got string) bool { return strings.HasPrefix(got, want) }) {
			t.Errorf("%s: %q", name, got)
		}
		s.breaks("", noFault)
	}
	wrong := s.account("Home")
	if got := checks(open(t, wrong).Probe(t.Context())); !strings.HasPrefix(got, "find: look whether the name") {
		t.Error(got)
	}
}

func TestAProbeSeesAServerThatInvites(t *testing.T) {
	for agent, want := range map[string]bool{
		";SCHEDULE-AGENT=CLIENT": false,
		"":                       true,
		";SCHEDULE-AGENT=CLIENT;SCHEDULE-STATUS=1.1": true,
	} {
		if got := schedulesItself(file(event("UID:a|DTSTART:20261124T090000Z|ATTENDEE" + agent + ":mailto:x@y.example"))); got != want {
			t.Errorf("%q: %v", agent, got)
		}
	}
}
