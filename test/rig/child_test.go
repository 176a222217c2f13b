//go:build unix

package rig

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func shell(t *testing.T, script string) Command {
	t.Helper()
	return Command{Name: "the thing", Log: filepath.Join(t.TempDir(), "log"), Args: []string{"/bin/sh", "-c", script}}
}

// A build that is interrupted must not leave its compilers behind.
func TestStopEndsWhatTheChildStarted(t *testing.T) {
	pidFile := filepath.Join(t.TempDir(), "pid")
	p, err := Launch(shell(t, `sleep 1000 & echo $! >`+pidFile+`.new; mv `+pidFile+`.new `+pidFile+`; wait`))
	require.NoError(t, err)
	var pid int
	require.Eventually(t, func() bool {
		text, _ := os.ReadFile(pidFile)
		pid, err = strconv.Atoi(strings.TrimSpace(string(text)))
		return err == nil
	}, 10*time.Second, 10*time.Millisecond)
	p.Stop(syscall.SIGTERM)
	p.Stop(syscall.SIGTERM)
	assert.Eventually(t, func() bool { return gone(pid) }, 10*time.Second, 10*time.Millisecond)
}

// gone reports whether a process has ended, be it waited for or not.
func gone(pid int) bool {
	if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return true
	}
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	return err != nil || strings.Contains(string(stat), ") Z ")
}

func TestFailureIsOneLineWithTheLastWords(t *testing.T) {
	for _, tc := range []struct{ script, want string }{
		{"echo first; echo; echo ' last ' >&2; echo; exit 3", "the thing failed: last (all it said: "},
		{"echo x.go:1: no; echo 'make: *** [Makefile:1: build] Error 1'; exit 2", "the thing failed: x.go:1: no ("},
		{"exit 3", "the thing failed: exit status 3 ("},
		{"exit 0", "the thing failed: it ended without a word ("},
	} {
		p, err := Launch(shell(t, tc.script))
		require.NoError(t, err)
		<-p.Done()
		p.Stop(os.Interrupt)
		require.ErrorContains(t, p.Failure(), tc.want)
		assert.NotContains(t, p.Failure().Error(), "\n")
	}
}

func TestProgramThatIsNotThere(t *testing.T) {
	_, err := Launch(Command{Name: "the thing", Log: filepath.Join(t.TempDir(), "log"), Args: []string{"/no/such/program"}})
	require.ErrorContains(t, err, "the thing did not start")
	_, err = Launch(Command{Log: filepath.Join(t.TempDir(), "no", "log")})
	require.Error(t, err)
}

// The demo's spans must not go where the user's own programs send theirs.
func TestChildrenKnowNothingOfTheUsersTelemetry(t *testing.T) {
	t.Setenv("OTEL_EXPORTER_OTLP_HEADERS", "secret=1")
	c := shell(t, "env")
	c.Env = []string{"OTEL_SERVICE_NAME=mine"}
	p, err := Launch(c)
	require.NoError(t, err)
	<-p.Done()
	out, err := os.ReadFile(c.Log)
	require.NoError(t, err)
	assert.Contains(t, string(out), "OTEL_SERVICE_NAME=mine")
	assert.NotContains(t, string(out), "secret")
}

func TestAwait(t *testing.T) {
	var buf bytes.Buffer
	require.NoError(t, Await(t.Context(), Screen{&buf}, shell(t, "exit 0")))
	require.ErrorContains(t, Await(t.Context(), Screen{&buf}, shell(t, "echo cannot; exit 1")), "the thing failed: cannot (")
	require.Error(t, Await(t.Context(), Screen{&buf}, Command{Args: []string{"/no/such/program"}, Log: filepath.Join(t.TempDir(), "log")}))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, Await(ctx, Screen{&buf}, shell(t, "sleep 1000")), ErrInterrupted)
	assert.Empty(t, buf.String())
}
