package flows

import (
	"encoding/json"
	"os"
	"sort"
	"strings"
	"testing"
)

func TestTheListsCanBeSearchedAsTheyStand(t *testing.T) {
	for name, list := range map[string]string{"free": freeList, "disposable": disposableList} {
		lines := strings.Split(strings.TrimSuffix(list, "\n"), "\n")
		if !strings.HasPrefix(lines[0], "# ") || len(lines) < 4000 || !sort.StringsAreSorted(lines) {
			t.Errorf("the %s list has %d lines, begins with %q, or is not sorted", name, len(lines), lines[0])
		}
		for _, line := range lines {
			if !inList(list, line) {
				t.Errorf("%s is not found in the %s list that holds it", line, name)
			}
		}
		for _, line := range []string{"", "a", "zzzz", "bigco.example", lines[1] + "x", lines[1][1:], "\n"} {
			if inList(list, line) {
				t.Errorf("%q is found in the %s list that does not hold it", line, name)
			}
		}
	}
}

func TestTheListsAreOfThePackagesThatAreLocked(t *testing.T) {
	locked, err := os.ReadFile("lists/package.json")
	if err != nil {
		t.Fatal(err)
	}
	var of struct{ DevDependencies map[string]string }
	if err := json.Unmarshal(locked, &of); err != nil {
		t.Fatal(err)
	}
	for name, list := range map[string]string{"free-email-domains": freeList, "disposable-email-domains-js": disposableList} {
		if want := "# " + name + " " + of.DevDependencies[name] + " "; !strings.HasPrefix(list, want) {
			t.Errorf("the list does not begin with %q: run go generate", want)
		}
	}
}
