package pgtest

import "syscall"

// child makes the server end when the test program does, however it ends, in a group of its own so that an interrupt
// at the terminal reaches the test first.
func child(a *account) *syscall.SysProcAttr {
	s := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGQUIT}
	if a != nil {
		s.Credential = &syscall.Credential{Uid: uint32(a.user), Gid: uint32(a.group)}
	}
	return s
}
