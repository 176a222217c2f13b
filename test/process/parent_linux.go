package process

import "syscall"

// dieWithParent has the kernel kill the process when the test binary dies without
// running its cleanups, as it does on a time-out.
func dieWithParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
