//go:build !unix

package store

import "os"

// lockFile only opens the file: this system has no lock that ends with the process. Two servers on one file would still
// not book twice, but would not hear of each other.
func lockFile(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
}
