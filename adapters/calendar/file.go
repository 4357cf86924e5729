package calendar

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"
)

// fileSource is a calendar in the workspace's folder.
type fileSource struct {
	files fs.FS
	name  string
	seen  fileState
}

// fileState tells whether a file is another than it was; a file that is not there has no time and a size of -1.
type fileState struct {
	at   time.Time
	size int64
}

// Read reads the file.
func (f *fileSource) Read(_ context.Context, q Query) (Reading, error) {
	f.seen = f.state()
	data, err := readFile(f.files, f.name)
	if err != nil {
		return Reading{}, err
	}
	if err := whole(data); err != nil {
		return Reading{}, err
	}
	return readText(data, q, f.name)
}

// changed says that the file is not what was read.
func (f *fileSource) changed() bool {
	now := f.state()
	return !now.at.Equal(f.seen.at) || now.size != f.seen.size
}

// dated is when the file was last written.
func (f *fileSource) dated() time.Time { return f.seen.at }

func (f *fileSource) state() fileState {
	info, err := fs.Stat(f.files, f.name)
	if err != nil {
		return fileState{size: -1}
	}
	return fileState{info.ModTime(), info.Size()}
}

// readFile reads no more than a calendar may have and a byte, by which it is seen to be too large.
func readFile(files fs.FS, name string) (data []byte, err error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return io.ReadAll(io.LimitReader(f, MaxBytes+1))
}

// readText reads an iCalendar text as a source's reading: a fatal problem is its error.
func readText(data []byte, q Query, what string) (Reading, error) {
	events, problems := Events(data, q)
	for _, p := range problems {
		if p.Fatal {
			return Reading{}, fmt.Errorf("%s: %w", what, p)
		}
	}
	return Reading{events, problems}, nil
}
