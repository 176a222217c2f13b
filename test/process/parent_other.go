//go:build !linux

package process

import "syscall"

// dieWithParent asks for nothing where only the test's cleanups end a process.
func dieWithParent() *syscall.SysProcAttr { return nil }
