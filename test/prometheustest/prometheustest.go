// Package prometheustest runs the real Prometheus for tests, scraping native
// histograms once a second.
package prometheustest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/test/pinned"
	"github.com/tta-dev/otelcol-workflow/test/process"
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
// test, has it scrape the URL, and returns when it is ready. It is killed with the
// test at the latest.
func Start(tb testing.TB, scrape string) *Prometheus {
	tb.Helper()
	address := fmt.Sprintf("127.0.0.1:%d", process.Ports(tb, 1)[0])
	p := &Prometheus{
		URL: "http://" + address,
		process: process.Start(tb, pinned.Tool(tb, "tools/prometheus", "prometheus"),
			"--config.file="+config(tb, scrape),
			"--storage.tsdb.path="+filepath.Join(tb.TempDir(), "data"),
			"--web.listen-address="+address),
	}
	p.process.Await(tb, p.URL+"/-/ready")
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

// Sample is one series of the result of a query.
type Sample struct {
	// Labels of the series; the name is under __name__.
	Labels map[string]string
	// Time of the sample in unix seconds.
	Time float64
	// Value of the sample, 0 where it is a histogram.
	Value float64
	// Buckets of a native histogram, lowest first and without the empty ones; nil
	// where the sample is a number.
	Buckets []Bucket
}

// Bucket is one bucket of a native histogram.
type Bucket struct {
	Low, High float64
	Count     float64
}

// Query returns the result of an instant query, which must be a vector.
func (p *Prometheus) Query(tb testing.TB, expr string) []Sample {
	tb.Helper()
	req, err := http.NewRequestWithContext(tb.Context(), http.MethodGet, p.URL+"/api/v1/query?"+url.Values{"query": {expr}}.Encode(), http.NoBody)
	require.NoError(tb, err)
	body, status, err := process.Do(req)
	require.NoError(tb, err)
	require.Equal(tb, http.StatusOK, status, body)
	out, err := parse([]byte(body))
	require.NoError(tb, err, expr)
	return out
}

// Number returns the value of a query whose result is at most one number, and 0
// where it is empty.
func (p *Prometheus) Number(tb testing.TB, expr string) float64 {
	tb.Helper()
	out := p.Query(tb, expr)
	if len(out) == 0 {
		return 0
	}
	require.Len(tb, out, 1, expr)
	return out[0].Value
}

// answer is the JSON of an instant query. Numbers of samples come as [time, "value"].
type answer struct {
	Data struct {
		ResultType string `json:"resultType"`
		Result     []struct {
			Metric    map[string]string  `json:"metric"`
			Value     [2]json.RawMessage `json:"value"`
			Histogram [2]json.RawMessage `json:"histogram"`
		} `json:"result"`
	} `json:"data"`
}

func parse(body []byte) ([]Sample, error) {
	var a answer
	if err := json.Unmarshal(body, &a); err != nil {
		return nil, err
	}
	if a.Data.ResultType != "vector" {
		return nil, fmt.Errorf("the result must be a vector (got %s)", a.Data.ResultType)
	}
	out := make([]Sample, len(a.Data.Result))
	for i, r := range a.Data.Result {
		s := Sample{Labels: r.Metric}
		var err error
		if r.Histogram[1] != nil {
			s.Time, s.Buckets, err = histogram(r.Histogram)
		} else {
			s.Time, s.Value, err = number(r.Value)
		}
		if err != nil {
			return nil, err
		}
		out[i] = s
	}
	return out, nil
}

func number(pair [2]json.RawMessage) (at, value float64, err error) {
	var text string
	if err := json.Unmarshal(pair[0], &at); err != nil {
		return 0, 0, err
	}
	if err := json.Unmarshal(pair[1], &text); err != nil {
		return 0, 0, err
	}
	value, err = strconv.ParseFloat(text, 64)
	return at, value, err
}

// histogram reads buckets of the form [boundary rule, "low", "high", "count"].
func histogram(pair [2]json.RawMessage) (at float64, buckets []Bucket, err error) {
	if err := json.Unmarshal(pair[0], &at); err != nil {
		return 0, nil, err
	}
	var h struct {
		Buckets [][4]any `json:"buckets"`
	}
	if err := json.Unmarshal(pair[1], &h); err != nil {
		return 0, nil, err
	}
	buckets = []Bucket{}
	for _, raw := range h.Buckets {
		var b Bucket
		if _, err := fmt.Sscan(fmt.Sprint(raw[1:]...), &b.Low, &b.High, &b.Count); err != nil {
			return 0, nil, fmt.Errorf("bucket %v: %w", raw, err)
		}
		buckets = append(buckets, b)
	}
	return at, buckets, nil
}
