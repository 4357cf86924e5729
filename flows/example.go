package flows

import (
	"embed"
	"io/fs"
)

//go:embed example
var example embed.FS

// Example is the workspace of an invented company: two flows, four reps in three time zones with their calendars, an
// FAQ and stories. The program starts with it when it is given none.
func Example() fs.FS {
	files, err := fs.Sub(example, "example")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return files
}
