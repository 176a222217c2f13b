//go:build !linux

package process

import (
	"testing"
	"time"
)

// CPU skips the test: there is no portable way to ask.
func (*Process) CPU(tb testing.TB) time.Duration {
	tb.Helper()
	tb.Skip("the processor time of a process is only known on Linux")
	return 0
}
