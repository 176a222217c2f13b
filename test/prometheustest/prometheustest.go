// Package prometheustest runs the real Prometheus for tests, scraping native
// histograms once a second.
package prometheustest

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/test/process"
	"github.com/tta-dev/otelcol-workflow/test/repo"
)

// Job is the value of the label job that Prometheus gives to all it scrapes.
const Job = "otelcol-workflow"

// Prometheus is a running Prometheus. Safe for concurrent use.
type Prometheus struct {
	// URL is where its API is.
	URL string

	process *process.Process
}

// Start builds Prometheus, runs it on a free port with its data in a folder of the
// test, has it scrape the URL, and returns when it has done so once. It is killed
// with the test at the latest.
func Start(tb testing.TB, scrape string) *Prometheus {
	tb.Helper()
	address := fmt.Sprintf("127.0.0.1:%d", process.Ports(tb, 1)[0])
	p := &Prometheus{
		URL: "http://" + address,
		process: process.Start(tb, repo.Tool(tb, "tools/prometheus", "prometheus"),
			"--config.file="+config(tb, scrape),
			"--storage.tsdb.path="+filepath.Join(tb.TempDir(), "data"),
			"--web.listen-address="+address),
	}
	p.process.Await(tb, p.URL+"/-/ready")
	require.Eventually(tb, func() bool { return p.Number(tb, "up") == 1 }, time.Minute, 100*time.Millisecond, "nothing was scraped")
	return p
}

// config writes the configuration and returns its path. Native histograms need the
// protobuf scrape, which scrape_native_histograms turns on.
func config(tb testing.TB, scrape string) string {
	tb.Helper()
	u, err := url.Parse(scrape)
	require.NoError(tb, err)
	path := filepath.Join(tb.TempDir(), "prometheus.yaml")
	require.NoError(tb, os.WriteFile(path, fmt.Appendf(nil, `global: {scrape_interval: 1s, scrape_timeout: 1s}
scrape_configs:
  - job_name: %s
    scrape_native_histograms: true
    metrics_path: %s
    static_configs: [{targets: [%q]}]
`, Job, u.Path, u.Host), 0o600))
	return path
}

// Stop asks Prometheus to end and returns how it did.
func (p *Prometheus) Stop() error { return p.process.Stop() }
