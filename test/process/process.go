// Package process runs a server for a test: the binary by itself, in an empty
// folder, on free loopback ports, and never longer than the test.
package process

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Process is a running server. Safe for concurrent use.
type Process struct {
	cmd   *exec.Cmd
	out   output
	ended chan struct{} // closed once err is set
	err   error
}

// output is what a process has printed so far.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Write implements [io.Writer].
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(p)
}

// Start runs the binary in an empty folder, which is also where it keeps state. It is killed and joined with the test
// at the latest, and what it printed is logged if the test failed.
func Start(tb testing.TB, binary string, args ...string) *Process {
	tb.Helper()
	p := &Process{
		cmd:   exec.CommandContext(context.WithoutCancel(tb.Context()), binary, args...),
		ended: make(chan struct{}),
	}
	p.cmd.Dir, p.cmd.Stdout, p.cmd.Stderr = tb.TempDir(), &p.out, &p.out
	p.cmd.Env = append(os.Environ(), "STATE_DIR="+filepath.Join(p.cmd.Dir, ".state"))
	p.cmd.SysProcAttr = dieWithParent()
	require.NoError(tb, p.cmd.Start())
	go func() {
		p.err = p.cmd.Wait()
		close(p.ended)
	}()
	tb.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		<-p.ended
		if tb.Failed() {
			tb.Log(p.Output())
		}
	})
	return p
}

// Output returns what the process has printed so far.
func (p *Process) Output() string {
	p.out.mu.Lock()
	defer p.out.mu.Unlock()
	return p.out.buf.String()
}

// Await returns when the URL answers 200. It fails the test when the process ends
// before, or after a minute.
func (p *Process) Await(tb testing.TB, url string) {
	tb.Helper()
	require.Eventually(tb, func() bool {
		_, status, err := Get(tb.Context(), url)
		return p.Ended() || err == nil && status == http.StatusOK
	}, time.Minute, 50*time.Millisecond, "the server did not become ready")
	require.False(tb, p.Ended(), "the server ended before it was ready")
}

// Ended says whether the process is over.
func (p *Process) Ended() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// errSlow says that a process was asked to end and did not.
var errSlow = errors.New("the process did not end within 30 s of SIGTERM and was killed")

// Stop asks the process to end, waits for it and returns how it did: nil for exit
// code 0.
func (p *Process) Stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	patience := time.NewTimer(30 * time.Second)
	defer patience.Stop()
	select {
	case <-p.ended:
		return p.err
	case <-patience.C:
		_ = p.cmd.Process.Kill()
		<-p.ended
		return errSlow
	}
}

// Kill ends the process at once, as a crash or kill -9 does, and waits for it.
func (p *Process) Kill(tb testing.TB) {
	tb.Helper()
	require.NoError(tb, p.cmd.Process.Kill())
	<-p.ended
}

// client leaves no idle connection, and so no goroutine, behind.
var client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Minute}

// Do sends the request and returns the whole answer.
func Do(req *http.Request) (body string, status int, err error) {
	resp, err := client.Do(req)
	if err != nil {
		return "", 0, err
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	return string(b), resp.StatusCode, err
}

// Get returns what the URL answers.
func Get(ctx context.Context, url string) (body string, status int, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return "", 0, err
	}
	return Do(req)
}

// The ports that are tried lie below those that the kernel gives to clients: one of
// these may be gone again before the server asks for it.
const (
	firstPort = 10_000
	endPort   = 32_000
)

// given are the ports that this process has handed out.
var given sync.Map

// Ports returns n loopback ports that are free, never the same twice.
func Ports(tb testing.TB, n int) []int {
	tb.Helper()
	var out []int
	for tries := 0; len(out) < n; tries++ {
		require.Less(tb, tries, 1000, "no port is free")
		port := firstPort + rand.IntN(endPort-firstPort)
		l, err := (&net.ListenConfig{}).Listen(tb.Context(), "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err != nil {
			continue
		}
		_ = l.Close()
		if _, taken := given.LoadOrStore(port, true); !taken {
			out = append(out, port)
		}
	}
	return out
}
