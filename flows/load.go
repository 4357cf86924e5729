package flows

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// The files of a workspace that are no flows, without their .yaml or .yml.
const (
	teamFile      = "team"
	faqFile       = "faq"
	repliesFile   = "replies"
	followupsFile = "followups"
	hooksFile     = "hooks"
	privacyFile   = "privacy"
	storiesFiles  = "stories"
)

// Load reads, checks and compiles a workspace. All problems are returned, warnings too; the workspace is nil when one
// of them is an error.
func Load(files fs.FS) (*Workspace, Problems) {
	l, w := compile(files)
	l.silence(false)
	problems := l.problems.sort()
	if problems.Failed() {
		return nil, problems
	}
	return w, problems
}

// compile reads and makes a workspace; what is wrong with it stands in the loader.
func compile(files fs.FS) (*loader, *Workspace) {
	l := &loader{files: files, sources: map[string]string{}}
	l.read()
	w := l.compile()
	l.conform()
	l.excuse()
	return l, w
}

// loader is one run of Load.
type loader struct {
	files     fs.FS
	problems  Problems
	sources   map[string]string
	flows     []flowShape
	roster    rosterShape
	faq       []faqShape
	replies   table[words]
	followups followupsShape
	hooks     hooksShape
	privacy   privacyShape
	stories   []storyShape
	roots     []kindOfFile
	makers    []*flowMaker // in the order of the flows' files
	unread    bool         // a flow could not be read
	teamless  bool         // team.yaml could not be read
}

// kindOfFile is a file as it was read, with the schema it is held against.
type kindOfFile struct {
	root item
	kind string
}

// read reads every file into its shapes.
func (l *loader) read() {
	seen := map[string]bool{}
	for _, name := range l.list(".") {
		stem := strings.TrimSuffix(name, path.Ext(name))
		if seen[stem] {
			l.say(name, "duplicate-id", "this file stands here as .yaml and as .yml", "take one of them away")
			continue
		}
		seen[stem] = true
		switch stem {
		case teamFile:
			l.teamless = !l.shape(name, teamKind, func(root item) { root.into(reflectOf(&l.roster)) })
		case faqFile:
			l.shape(name, faqKind, func(root item) { root.into(reflectOf(&l.faq)) })
		case repliesFile:
			l.shape(name, repliesKind, func(root item) { root.into(reflectOf(&l.replies)) })
		case followupsFile:
			l.shape(name, followupsKind, func(root item) { root.into(reflectOf(&l.followups)) })
		case privacyFile:
			l.shape(name, privacyKind, func(root item) { root.into(reflectOf(&l.privacy)) })
		case hooksFile:
			l.shape(name, hooksKind, func(root item) { root.into(reflectOf(&l.hooks)) })
		default:
			ok := l.shape(name, flowKind, func(root item) {
				var flow flowShape
				root.into(reflectOf(&flow))
				l.flows = append(l.flows, flow)
			})
			l.unread = l.unread || !ok
		}
	}
	for _, name := range l.list(storiesFiles) {
		l.shape(name, storyKind, func(root item) { l.stories = append(l.stories, readStories(root)...) })
		delete(l.sources, name)
	}
}

// shape reads one file; ok is false when it is no YAML to look at.
func (l *loader) shape(name, kind string, read func(root item)) (ok bool) {
	text, ok := l.text(name)
	if !ok {
		return false
	}
	l.sources[name] = text
	f := newFile(name, text, &l.problems)
	root, ok := f.parse(text)
	if !ok {
		return false
	}
	read(root)
	l.roots = append(l.roots, kindOfFile{root, kind})
	return true
}

// list is the YAML files of a folder, by name.
func (l *loader) list(folder string) (names []string) {
	entries, err := fs.ReadDir(l.files, folder)
	if err != nil {
		if folder == "." || !errors.Is(err, fs.ErrNotExist) {
			l.say(folder, "unreadable", "this folder cannot be read: "+err.Error(), "")
		}
		return nil
	}
	for _, e := range entries {
		if ext := path.Ext(e.Name()); !e.IsDir() && (ext == ".yaml" || ext == ".yml") && !strings.HasPrefix(e.Name(), ".") {
			names = append(names, path.Join(folder, e.Name()))
		}
	}
	if len(names) > MaxFiles {
		l.say(folder, "too-large", fmt.Sprintf("there are %d files here, the most is %d", len(names), MaxFiles), "")
		names = names[:MaxFiles]
	}
	return names
}

func (l *loader) text(name string) (string, bool) {
	data, err := fs.ReadFile(l.files, name)
	if err != nil {
		l.say(name, "unreadable", "this file cannot be read: "+err.Error(), "")
		return "", false
	}
	text := strings.TrimPrefix(string(data), "\ufeff")
	return strings.ReplaceAll(text, "\r\n", "\n"), true
}

// say reports what is wrong with a file as a whole.
func (l *loader) say(name, rule, message, hint string) {
	l.problems = append(l.problems, Problem{
		Place: Place{File: name, Line: 1, Col: 1}, Severity: Error, Rule: rule, Message: message, Hint: hint,
	})
}

// compile checks the shapes against each other and makes the workspace of them.
func (l *loader) compile() *Workspace {
	w := &Workspace{Sources: l.sources, Files: l.files, Revision: revision(l.sources)}
	if len(l.flows) == 0 && !l.problems.Failed() {
		l.say(".", "no-flow", "there is no flow in this folder", "write one: a file such as book-a-demo.yaml with the key `flow`")
	}
	_, pinned := l.files.(sourceFS)
	people := rosterMaker{shape: &l.roster, files: l.files, pinned: pinned, languages: l.languages()}
	w.Roster = people.roster()
	for i := range l.flows {
		w.Flows = append(w.Flows, l.flow(&l.flows[i], w.Roster))
	}
	l.unique(w)
	l.splits(w)
	union := unionOf(w.Flows, w.Roster)
	union.guess = l.unread
	people.routes(w.Roster, union)
	slices.SortStableFunc(w.Flows, func(a, b *Flow) int { return b.Show.Priority - a.Show.Priority })
	w.FAQ = makeFAQ(l.faq, tongue{union, l.languages()})
	w.Replies = makeReplies(l.replies, tongue{union, l.languages()})
	w.Followups = l.followupsOf(w, union)
	w.Hooks = l.hooksOf(union)
	w.Privacy = l.privacyOf()
	for i := range l.stories {
		w.Stories = append(w.Stories, makeStory(&l.stories[i], w, l.unread))
	}
	return w
}

func (l *loader) unique(w *Workspace) {
	seen := map[string]*Flow{}
	for i, f := range w.Flows {
		if other := seen[f.ID]; other != nil && f.ID != "" {
			l.flows[i].Flow.wrong("duplicate-id", "", "the flow %q stands in %s too", f.ID, other.Place.File)
			continue
		}
		seen[f.ID] = f
	}
}

// languages are those of all flows; the first is the source language of what belongs to no flow.
func (l *loader) languages() (all []string) {
	for i := range l.flows {
		for _, language := range languagesOf(&l.flows[i]) {
			if !slices.Contains(all, language) {
				all = append(all, language)
			}
		}
	}
	if len(all) == 0 {
		return []string{"en"}
	}
	return all
}

// conform holds the files in which nothing else is wrong against their schemas.
func (l *loader) conform() {
	wrong := map[string]bool{}
	for _, p := range l.problems {
		wrong[p.File] = true
	}
	for _, r := range l.roots {
		if !wrong[r.root.file.name] {
			r.root.conform(r.kind)
		}
	}
}

// aboutTeam are the rules that hold a name against team.yaml.
var aboutTeam = []string{"unknown-team", "unknown-rep", "unknown-hours", "no-reps"}

// excuse drops what is only wrong because team.yaml could not be read: who is in it is not known.
func (l *loader) excuse() {
	if l.teamless {
		l.problems = slices.DeleteFunc(l.problems, func(p Problem) bool { return slices.Contains(aboutTeam, p.Rule) })
	}
}

// revision is the SHA-256 of the sources in the order of their names, each with its length so that no text can pass
// for another's.
func revision(sources map[string]string) string {
	h := sha256.New()
	for _, name := range sortedKeys(sources) {
		for _, s := range []string{name, sources[name]} {
			h.Write([]byte(strconv.Itoa(len(s)) + ":" + s))
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}
