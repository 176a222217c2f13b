package process

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// clockTick is the unit of times in /proc: 1/100 s on every architecture that Go runs on.
const clockTick = 10 * time.Millisecond

// CPU returns the processor time that the process has taken so far, in user and in kernel
// mode; proc(5), stat, fields 14 and 15.
func (p *Process) CPU(tb testing.TB) time.Duration {
	tb.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	require.NoError(tb, err)
	// The second field is a name in parentheses that may hold spaces.
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	var ticks int64
	for _, field := range fields[11:13] {
		n, err := strconv.ParseInt(field, 10, 64)
		require.NoError(tb, err)
		ticks += n
	}
	return time.Duration(ticks) * clockTick
}
