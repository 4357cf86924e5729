//go:build unix

package store

import (
	"errors"
	"os"
	"syscall"
)

// lockFile takes the lock, which ends with the process however it ends.
func lockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = ErrShared
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
