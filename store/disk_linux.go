package store

import "syscall"

func kindOf(folder string) (int64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		return 0, err
	}
	return int64(uint32(s.Type)), nil // 32 bits on every machine; sign extended on some
}
