// Package widget owns what runs in the visitor's browser: a small launcher every page loads and the chat it brings when
// somebody wants to talk. It is built from src by `npm run build`; what was built is kept here and embedded.
package widget

import (
	"embed"
	"io/fs"
)

//go:embed dist
var dist embed.FS

// ConfigMark stands once in the launcher, with its quotes, where the web server writes the site's configuration as JSON.
const ConfigMark = `"__USHER_CONFIG__"`

// Launcher is the script text of GET /widget.js, with ConfigMark still in it.
func Launcher() []byte {
	text, err := dist.ReadFile("dist/launcher.js")
	if err != nil {
		panic(err) // the file is embedded: without it the program does not compile
	}
	return text
}

// Files holds what the launcher loads from /widget/ when it is needed: chat-HASH.js and, for flows with a teaser,
// teaser-HASH.js with the same hash. The names change with their content, so they may be cached for ever.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the path is a constant
	}
	return files
}

// Chat is the name of the chat's file in Files, for the configuration's "chat": "/widget/" + Chat().
func Chat() string {
	names, err := fs.Glob(Files(), "chat-*.js")
	if err != nil || len(names) != 1 {
		panic("widget: dist must hold one chat-*.js")
	}
	return names[0]
}
