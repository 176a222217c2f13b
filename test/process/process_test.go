package process_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/tta-dev/otelcol-workflow/test/process"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func sh(t *testing.T, script string) *process.Process {
	t.Helper()
	shell, err := exec.LookPath("sh")
	require.NoError(t, err)
	return process.Start(t, shell, "-c", script)
}

func TestStopReportsHowTheProcessEnded(t *testing.T) {
	for _, tc := range []struct {
		script, err string
	}{
		{"trap 'exit 0' TERM; echo up; while :; do sleep 0.02; done", ""},
		{"trap 'exit 3' TERM; echo up; while :; do sleep 0.02; done", "exit status 3"},
	} {
		p := sh(t, tc.script)
		require.Eventually(t, func() bool { return p.Output() == "up\n" }, 10*time.Second, 10*time.Millisecond)
		err := p.Stop()
		assert.True(t, p.Ended())
		if tc.err == "" {
			require.NoError(t, err)
		} else {
			require.EqualError(t, err, tc.err)
		}
	}
}

func TestProcessDoesNotOutliveItsTest(t *testing.T) {
	var pid int
	t.Run("starts one and forgets it", func(t *testing.T) {
		p := sh(t, "echo $$; while :; do sleep 0.02; done")
		require.Eventually(t, func() bool {
			n, _ := fmt.Sscan(p.Output(), &pid)
			return n == 1
		}, 10*time.Second, 10*time.Millisecond)
	})
	process, err := os.FindProcess(pid)
	require.NoError(t, err)
	assert.Error(t, process.Signal(syscall.Signal(0)))
}

func TestPortsAreFreeAndDistinct(t *testing.T) {
	seen := make(map[int]bool)
	for _, p := range process.Ports(t, 20) {
		assert.False(t, seen[p])
		seen[p] = true
		l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", fmt.Sprintf("127.0.0.1:%d", p))
		require.NoError(t, err)
		assert.NoError(t, l.Close())
	}
}
