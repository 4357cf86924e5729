//go:build !linux

package pgtest

import "syscall"

func child(*account) *syscall.SysProcAttr { return nil }
