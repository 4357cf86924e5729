package flows

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"pgregory.net/rapid"
)

func TestFormat(t *testing.T) {
	for name, c := range map[string]struct{ file, from, to string }{
		"keys go in the order of the guide, and comments with them": {
			"a.yaml",
			"# a flow\nsteps:\n  - say: Bye.   # the last words\n    # how it ends\n    end: nurture\n    id: bye\ntitle: A\n# its id\nflow: a\n",
			"# a flow\n# its id\nflow: a\ntitle: A\n\nsteps:\n  - id: bye\n    # how it ends\n    end: nurture\n    say: Bye. # the last words\n",
		},
		"quotes stay only where something would be misread": {
			"replies.yaml",
			"'a': 'plain'\nb: \"yes\"\nc: '09:30-18:00'\nd: '12'\ne: \"it's # so\"\nf: 'he said \"x\"'\ng: \"- no\"\n",
			"a: plain\nb: \"yes\"\nc: \"09:30-18:00\"\nd: \"12\"\ne: \"it's # so\"\nf: he said \"x\"\ng: \"- no\"\n",
		},
		"short lists go on one line": {
			"faq.yaml",
			"- say: Yes.\n  ask:\n  - Is it?\n  - is it so, then\n",
			"- ask: [Is it?, \"is it so, then\"]\n  say: Yes.\n",
		},
		"lists with comments stay as they are": {
			"faq.yaml",
			"- ask: [one, # the first\n    two]\n  say: x\n",
			"- ask:\n    - one # the first\n    - two\n  say: x\n",
		},
		"edges, rules and routes take a line each": {
			"a.yaml",
			"flow: a\nsteps:\n- id: a\n  next:\n  - to: b\n    if: goal in [\"x\"]\n- {id: b, end: nurture}\n",
			"flow: a\n\nsteps:\n  - id: a\n    next:\n      - { if: 'goal in [\"x\"]', to: b }\n\n  - { id: b, end: nurture }\n",
		},
		"a condition with a list in it gets the quotes it lacks": {
			"team.yaml",
			"routes:\n  - { if: country in [\"IN\"], to: sales } # ours\n  - { to: sales }\n",
			"routes:\n  - { if: 'country in [\"IN\"]', to: sales } # ours\n  - { to: sales }\n",
		},
		"blocks keep their lines, long texts are folded, comments below stay below": {
			"replies.yaml",
			"a: |\n      one # not a comment\n        two\n\n      three\n  # below a\nb: >-\n   folded\n   too\nc: " + strings.Repeat("word ", 30) + "\n   " + "end\n\n\n\n# the last\n",
			"a: |\n  one # not a comment\n    two\n\n  three\n# below a\nb: >-\n  folded\n  too\nc: >-\n  " + strings.TrimSpace(strings.Repeat("word ", 21)) + "\n  " + strings.Repeat("word ", 9) + "end\n\n# the last\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, problems := Format(c.file, c.from)
			if len(problems) > 0 || got != c.to {
				t.Errorf("got\n%s\nwant\n%s\n%v", got, c.to, problems)
			}
		})
	}
}

func TestFormatRefuses(t *testing.T) {
	for _, text := range []string{"a: [1\nb: 2\n", "a: &x 1\nb: *x\n", "", "? [a]\n: b\n", "a: 1\n---\nb: 2\n", "a: \xff\n"} {
		got, problems := Format("a.yaml", text)
		if !problems.Failed() || problems[0].Line == 0 || got != text {
			t.Errorf("%q became %q with %v", text, got, problems)
		}
	}
}

// TestFormatExample: what the program brings is laid out.
func TestFormatExample(t *testing.T) {
	every(t, Example(), func(name, text string) {
		got, problems := Format(name, text)
		if len(problems) > 0 || got != text {
			t.Errorf("%s would be\n%s%v", name, got, problems)
		}
	})
}

func every(t *testing.T, files fs.FS, do func(name, text string)) {
	t.Helper()
	err := fs.WalkDir(files, ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".yaml" {
			return err
		}
		data, err := fs.ReadFile(files, name)
		do(name, string(data))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestFormatLosesNothing: wherever comments and empty lines are put into a file, they are there afterwards, the file says
// what it said, and laying it out again changes nothing.
func TestFormatLosesNothing(t *testing.T) {
	var files [][2]string
	add := func(name, text string) { files = append(files, [2]string{name, plainLines(text)}) }
	every(t, Example(), add)
	every(t, guide(), add)
	rapid.Check(t, func(t *rapid.T) {
		file := rapid.SampledFrom(files).Draw(t, "file")
		lines := strings.Split(strings.TrimSuffix(file[1], "\n"), "\n")
		var words []string
		for i := range rapid.IntRange(0, 6).Draw(t, "comments") {
			at := rapid.IntRange(0, len(lines)-1).Draw(t, "line")
			word := fmt.Sprintf("# comment %d", i)
			words = append(words, word)
			switch rapid.IntRange(0, 2).Draw(t, "where") {
			case 0:
				lines[at] += " " + word
			case 1:
				lines = slices.Insert(lines, at, "", strings.Repeat(" ", rapid.IntRange(0, 8).Draw(t, "indent"))+word, "")
			default:
				lines = slices.Insert(lines, at, strings.Repeat(" ", rapid.IntRange(0, 8).Draw(t, "indent"))+word)
			}
		}
		holds(t, file[0], strings.Join(lines, "\n"), words)
	})
}

type failing interface{ Fatalf(string, ...any) }

// holds says that laying out keeps its promises.
func holds(t failing, name, text string, words []string) {
	got, problems := Format(name, text)
	if problems.Failed() {
		if got != text {
			t.Fatalf("a refused text was changed")
		}
		return
	}
	for _, w := range words {
		if strings.Count(got, w) != strings.Count(text, w) {
			t.Fatalf("%q is lost in\n%s", w, got)
		}
	}
	var complaints Problems
	f := newFile(name, plainLines(text), &complaints)
	root, ok := f.parse(plainLines(text))
	if !ok || !sameContent(root, got) {
		t.Fatalf("it says something else:\n%s\n\n%s", text, got)
	}
	again, problems := Format(name, got)
	if problems.Failed() || again != got {
		t.Fatalf("a second time changes it:\n%s\n\n%s\n%v", got, again, problems)
	}
}

func FuzzFormat(f *testing.F) {
	every2(f, func(name, text string) { f.Add(name, text) })
	f.Fuzz(func(t *testing.T, name, text string) { holds(t, name, text, nil) })
}

// every2 gives the example, the guide and the broken workspaces.
func every2(f testing.TB, add func(name, text string)) {
	archives, err := filepath.Glob("testdata/broken/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, a := range archives {
		archive, err := txtar.ParseFile(a)
		if err != nil {
			f.Fatal(err)
		}
		for _, one := range archive.Files {
			add(one.Name, string(one.Data))
		}
	}
	w, _ := Load(guide())
	for name, text := range w.Sources {
		add(name, text)
	}
}
