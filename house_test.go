package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// mayImport is the house: which packages of ours a package may know.
var mayImport = map[string][]string{
	"flows":        {},
	"widget":       {},
	"bot/answer":   {"flows"},
	"bot/routing":  {"flows"},
	"bot/slots":    {"flows"},
	"bot/dialogue": {"flows", "bot/answer"},
	"bot/desk":     {"flows", "bot/dialogue", "bot/routing", "bot/slots"},
	"bot/rehearse": {"flows", "bot/answer", "bot/desk", "bot/dialogue", "bot/routing", "bot/slots"},
	"bot":          {"flows", "bot/answer", "bot/desk", "bot/dialogue", "bot/rehearse", "bot/routing", "bot/slots"},

	// Ways in and out that adapters share: they know nothing of ours.
	"adapters/guard":  {},
	"adapters/secret": {},
}

// aboveBot lists the packages that know the bot and below, and nothing beside them.
var aboveBot = []string{"store", "adapters/web", "adapters/slack", "adapters/calendar", "adapters/mail", "adapters/api", "adapters/hooks", "adapters/console", "adapters/terminal"}

// outside are packages of the outside world, which floors 1 and 2 must not know.
var outside = []string{"net", "os", "database/sql", "log", "log/slog", "math/rand", "math/rand/v2", "crypto/rand"}

func TestHouse(t *testing.T) {
	for file, imports := range goFiles(t) {
		room := path.Dir(file)
		for _, i := range imports {
			if why := forbidden(room, i); why != "" {
				t.Errorf("%s imports %s: %s", file, i, why)
			}
		}
	}
}

// forbidden says why a package in a room must not import another, or "".
func forbidden(room, imported string) string {
	if pure(room) && (slices.Contains(outside, imported) || strings.HasPrefix(imported, "net/") && imported != "net/netip" && imported != "net/mail" && imported != "net/url") {
		return "floors 1 and 2 know nothing of the outside world"
	}
	ours, ok := strings.CutPrefix(imported, "usher/")
	if !ok || room == "." {
		return ""
	}
	if may, ok := mayImport[room]; ok {
		if !slices.Contains(may, ours) {
			return "no arrow runs back up or across"
		}
		return ""
	}
	if _, below := mayImport[ours]; below || ours == topRoom(room) || strings.HasPrefix(ours, topRoom(room)+"/") {
		return ""
	}
	return "adapters and the store know the bot and below, not each other"
}

func pure(room string) bool { return room == "flows" || strings.HasPrefix(room, "bot/") }

// topRoom is the package among aboveBot that a room belongs to, itself or the one it lies in.
func topRoom(room string) string {
	for _, r := range aboveBot {
		if room == r || strings.HasPrefix(room, r+"/") {
			return r
		}
	}
	return room
}

// generator says that a file is a program of its own, run by go generate and not built in.
func generator(f *ast.File) bool {
	for _, g := range f.Comments {
		if g.Pos() < f.Package && strings.HasPrefix(g.List[0].Text, "//go:build ignore") {
			return true
		}
	}
	return false
}

// goFiles gives the imports of every Go file that is built into the program.
func goFiles(t *testing.T) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	err := filepath.WalkDir(".", func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && (e.Name() == "node_modules" || e.Name() == "testdata" || name != "." && strings.HasPrefix(e.Name(), ".")) {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		if generator(f) {
			return nil
		}
		for _, i := range f.Imports {
			out[filepath.ToSlash(name)] = append(out[filepath.ToSlash(name)], strings.Trim(i.Path.Value, `"`))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
