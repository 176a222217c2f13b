// Package collectortest builds the collector and runs it for tests, as a user
// would: the binary by itself, in an empty folder, with nothing but flags.
package collectortest

import (
	"bytes"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/test/process"
	"github.com/tta-dev/otelcol-workflow/test/repo"
)

// Build builds the binary and returns its path. It is removed with the test, which
// runs again when any file of the repository has changed.
func Build(tb testing.TB) string {
	tb.Helper()
	repo.Watch(tb)
	binary := filepath.Join(tb.TempDir(), "otelcol-workflow")
	cmd := exec.CommandContext(tb.Context(), "go", "build", "-o", binary, "-trimpath", "-ldflags=-s -w",
		"github.com/tta-dev/otelcol-workflow/cmd/otelcol-workflow")
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	require.NoError(tb, err, string(out))
	return binary
}

// Collector is a running collector. Safe for concurrent use.
type Collector struct {
	// OTLP is the base URL of the OTLP receiver over HTTP.
	OTLP string
	// GRPC is the host and port of the OTLP receiver over gRPC.
	GRPC string
	// Metrics is the URL that Prometheus scrapes.
	Metrics string
	// Own is the URL of the collector's metrics about itself.
	Own string

	process *process.Process
}

// Start runs the preset on free ports, with the given overrides (as of --config),
// and returns when it is ready. It is killed with the test at the latest.
func Start(tb testing.TB, binary, preset string, overrides ...string) *Collector {
	tb.Helper()
	p := process.Ports(tb, 5)
	args := []string{"--config", "preset:" + preset}
	for _, o := range append([]string{
		fmt.Sprintf("yaml:receivers::otlp::protocols::grpc::endpoint: 127.0.0.1:%d", p[0]),
		fmt.Sprintf("yaml:receivers::otlp::protocols::http::endpoint: 127.0.0.1:%d", p[1]),
		fmt.Sprintf("yaml:exporters::prometheus::endpoint: 127.0.0.1:%d", p[2]),
		fmt.Sprintf("yaml:extensions::health_check::endpoint: 127.0.0.1:%d", p[3]),
		fmt.Sprintf("yaml:{service: {telemetry: {metrics: {readers: [{pull: {exporter: {prometheus: {host: 127.0.0.1, port: %d}}}}]}}}}", p[4]),
	}, overrides...) {
		args = append(args, "--config", o)
	}
	c := &Collector{
		OTLP:    fmt.Sprintf("http://127.0.0.1:%d", p[1]),
		GRPC:    fmt.Sprintf("127.0.0.1:%d", p[0]),
		Metrics: fmt.Sprintf("http://127.0.0.1:%d/metrics", p[2]),
		Own:     fmt.Sprintf("http://127.0.0.1:%d/metrics", p[4]),
		process: process.Start(tb, binary, args...),
	}
	c.process.Await(tb, fmt.Sprintf("http://127.0.0.1:%d", p[3]))
	return c
}

// Stop asks the collector to end and returns how it did.
func (c *Collector) Stop() error { return c.process.Stop() }

// Kill ends the collector at once, as a crash or kill -9 does.
func (c *Collector) Kill(tb testing.TB) {
	tb.Helper()
	c.process.Kill(tb)
}

// CPU returns the processor time that the collector has taken so far.
func (c *Collector) CPU(tb testing.TB) time.Duration {
	tb.Helper()
	return c.process.CPU(tb)
}

// Send posts an OTLP/JSON body of spans and returns the status.
func (c *Collector) Send(tb testing.TB, body []byte) int {
	tb.Helper()
	return c.Post(tb, "application/json", body)
}

// Post posts a body of any content type to where spans go and returns the status.
func (c *Collector) Post(tb testing.TB, contentType string, body []byte) int {
	tb.Helper()
	return post(tb, c.OTLP+"/v1/traces", contentType, body)
}

// SendMetrics posts an OTLP/JSON body of metrics and returns the status.
func (c *Collector) SendMetrics(tb testing.TB, body []byte) int {
	tb.Helper()
	return post(tb, c.OTLP+"/v1/metrics", "application/json", body)
}

func post(tb testing.TB, url, contentType string, body []byte) int {
	tb.Helper()
	req, err := http.NewRequestWithContext(tb.Context(), http.MethodPost, url, bytes.NewReader(body))
	require.NoError(tb, err)
	req.Header.Set("Content-Type", contentType)
	_, status, err := process.Do(req)
	require.NoError(tb, err)
	return status
}

// Scrape returns what the URL serves as text, "" while it serves nothing.
func (*Collector) Scrape(tb testing.TB, url string) string {
	tb.Helper()
	body, status, err := process.Get(tb.Context(), url)
	if err != nil || status != http.StatusOK {
		return ""
	}
	return body
}
