package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// file is the SQLite file's place on the disk: who may read it, and who has it.
type file struct {
	path string
	lock *os.File // nil when opened beside a server
}

// ErrShared says that another server has the SQLite file. Two servers take PostgreSQL: they must hear of each other.
var ErrShared = errors.New("another usher has this file open; two nodes need postgres://…")

// ErrNetwork says that the SQLite file lies on a network file system, whose locks cannot be trusted with it.
var ErrNetwork = errors.New("an SQLite file cannot be kept on a network file system, where locks fail and data is lost: choose a local folder, or postgres://…")

// openFile makes the file, and its folder, for nobody but the owner, and takes the lock that keeps a second server
// away. SQLite gives its -wal and -shm files the mode of the file.
func openFile(path string, beside bool) (*file, error) {
	if path == "" || path == ":memory:" {
		return nil, errors.New("sqlite: needs the name of a file")
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if beside {
		if _, err := os.Stat(abs); err != nil {
			return nil, err
		}
	} else if err := os.MkdirAll(filepath.Dir(abs), 0o700); err != nil {
		return nil, err
	}
	kind, err := fileSystem(filepath.Dir(abs))
	if err != nil {
		return nil, err
	}
	if networked(kind) {
		return nil, fmt.Errorf("%s: %w", abs, ErrNetwork)
	}
	if beside {
		return &file{path: abs}, nil
	}
	lock, err := lockFile(abs + "-lock")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", abs, err)
	}
	if err := create(abs); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return &file{path: abs, lock: lock}, nil
}

// create makes an empty file of mode 0600, whatever the umask; a file that is there keeps its mode.
func create(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(f.Chmod(0o600), f.Close())
}

func (f *file) close() error {
	if f.lock == nil {
		return nil
	}
	return f.lock.Close()
}
