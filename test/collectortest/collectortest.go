// Package collectortest builds the collector and runs it for tests, as a user
// would: the binary by itself, in an empty folder, with nothing but flags.
package collectortest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Build builds the binary and returns its path. It is removed with the test.
func Build(tb testing.TB) string {
	tb.Helper()
	binary := filepath.Join(tb.TempDir(), "otelcol-workflow")
	cmd := exec.CommandContext(tb.Context(), "go", "build", "-o", binary, "-trimpath", "-ldflags=-s -w",
		"github.com/tta-dev/otelcol-workflow/cmd/otelcol-workflow")
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	require.NoError(tb, err, string(out))
	return binary
}

// Collector is a running collector. Safe for concurrent use, but for Stop.
type Collector struct {
	// OTLP is the base URL of the OTLP receiver over HTTP.
	OTLP string
	// Metrics is the URL that Prometheus scrapes.
	Metrics string
	// Own is the URL of the collector's metrics about itself.
	Own string

	cmd *exec.Cmd
	log *log
}

// log is the collector's output so far.
type log struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Write implements [io.Writer].
func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

// String returns the output so far.
func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// Start runs the preset on free ports, with the given overrides (as of --config),
// and returns when it is ready. It is killed with the test at the latest.
func Start(tb testing.TB, binary, preset string, overrides ...string) *Collector {
	tb.Helper()
	p := ports(tb, 6)
	args := []string{"--config", "preset:" + preset}
	for _, o := range append([]string{
		fmt.Sprintf("yaml:receivers::otlp::protocols::grpc::endpoint: 127.0.0.1:%d", p[0]),
		fmt.Sprintf("yaml:receivers::otlp::protocols::http::endpoint: 127.0.0.1:%d", p[1]),
		fmt.Sprintf("yaml:exporters::prometheus::endpoint: 127.0.0.1:%d", p[2]),
		fmt.Sprintf("yaml:extensions::health_check::endpoint: 127.0.0.1:%d", p[3]),
		fmt.Sprintf("yaml:extensions::zpages::endpoint: 127.0.0.1:%d", p[4]),
		fmt.Sprintf("yaml:{service: {telemetry: {metrics: {readers: [{pull: {exporter: {prometheus: {host: 127.0.0.1, port: %d}}}}]}}}}", p[5]),
	}, overrides...) {
		args = append(args, "--config", o)
	}
	c := &Collector{
		OTLP:    fmt.Sprintf("http://127.0.0.1:%d", p[1]),
		Metrics: fmt.Sprintf("http://127.0.0.1:%d/metrics", p[2]),
		Own:     fmt.Sprintf("http://127.0.0.1:%d/metrics", p[5]),
		cmd:     exec.CommandContext(context.WithoutCancel(tb.Context()), binary, args...),
		log:     &log{},
	}
	c.cmd.Dir, c.cmd.Stdout, c.cmd.Stderr = tb.TempDir(), c.log, c.log
	require.NoError(tb, c.cmd.Start())
	tb.Cleanup(func() {
		_ = c.cmd.Process.Kill()
		_ = c.cmd.Wait()
		if tb.Failed() {
			tb.Log(c.log.String())
		}
	})
	c.await(tb, fmt.Sprintf("http://127.0.0.1:%d", p[3]))
	return c
}

// await returns when the collector says that it is healthy.
func (c *Collector) await(tb testing.TB, health string) {
	tb.Helper()
	require.Eventually(tb, func() bool {
		_, status, err := get(tb.Context(), health)
		return err == nil && status == http.StatusOK
	}, time.Minute, 50*time.Millisecond, "the collector did not become healthy")
}

// Stop asks the collector to end and returns how it did.
func (c *Collector) Stop() error {
	if err := c.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return c.cmd.Wait()
}

// Send posts an OTLP/JSON body of spans and returns the status.
func (c *Collector) Send(tb testing.TB, body []byte) int {
	tb.Helper()
	req, err := http.NewRequestWithContext(tb.Context(), http.MethodPost, c.OTLP+"/v1/traces", bytes.NewReader(body))
	require.NoError(tb, err)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	require.NoError(tb, err)
	defer func() { _ = resp.Body.Close() }()
	return resp.StatusCode
}

// Scrape returns what the URL serves as text, "" while it serves nothing.
func (*Collector) Scrape(tb testing.TB, url string) string {
	tb.Helper()
	body, status, err := get(tb.Context(), url)
	if err != nil || status != http.StatusOK {
		return ""
	}
	return body
}

func get(ctx context.Context, url string) (body string, status int, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return "", 0, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", 0, err
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	return string(b), resp.StatusCode, err
}

// ports returns free ports on the loopback address.
func ports(tb testing.TB, n int) []int {
	tb.Helper()
	var out []int
	for range n {
		l, err := (&net.ListenConfig{}).Listen(tb.Context(), "tcp", "127.0.0.1:0")
		require.NoError(tb, err)
		defer func() { _ = l.Close() }()
		out = append(out, l.Addr().(*net.TCPAddr).Port)
	}
	return out
}
