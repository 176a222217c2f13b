package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tta-dev/otelcol-workflow/test/rig"
)

const (
	// scrapeInterval is short, so that nobody waits for the figures.
	scrapeInterval = 5 * time.Second
	// flushInterval is longer: a new series shows 0 for one flush, which a scrape must see.
	flushInterval = 10 * time.Second
)

// prometheusConfig has Prometheus scrape the collectors, load our rules and tell Alertmanager.
func prometheusConfig(p ports, rules string) string {
	var metrics, own []string
	for _, c := range p.collectors {
		metrics = append(metrics, c.Metrics.Address())
		own = append(own, c.Own.Address())
	}
	return fmt.Sprintf(`global:
  scrape_interval: %[1]v
  scrape_timeout: %[1]v
  evaluation_interval: %[1]v
rule_files:
  - %[2]s
  - %[3]s
alerting:
  alertmanagers:
    - static_configs: [{targets: [%[4]q]}]
scrape_configs:
  - job_name: otelcol-workflow
    scrape_native_histograms: true
    static_configs: [{targets: [%[5]s]}]
  - job_name: otelcol-workflow-self
    static_configs: [{targets: [%[6]s]}]
`, scrapeInterval, filepath.Join(rules, "*-alerts.yml"), filepath.Join(rules, "recording-rules.yml"), p.alertmanager.Address(),
		strings.Join(metrics, ", "), strings.Join(own, ", "))
}

// startPrometheus starts Prometheus with an empty database.
func (s settings) startPrometheus(ctx context.Context) (*rig.Child, error) {
	data, err := emptied(s.dir, "prometheus")
	if err != nil {
		return nil, err
	}
	rules, err := filepath.Abs(filepath.Join(s.root, "alerts"))
	if err != nil {
		return nil, err
	}
	config := filepath.Join(s.dir, "prometheus.yml")
	if err := os.WriteFile(config, []byte(prometheusConfig(s.ports, rules)), 0o600); err != nil {
		return nil, err
	}
	return rig.Serve(ctx, rig.Command{
		Name: "Prometheus",
		Log:  filepath.Join(s.dir, "prometheus.log"),
		Args: []string{
			s.binaries.prometheus, "--config.file=" + config, "--storage.tsdb.path=" + data,
			"--web.listen-address=" + s.ports.prometheus.Address(),
		},
	}, s.ports.prometheus.URL("/-/ready"))
}

// emptied returns a folder in dir that has nothing in it.
func emptied(dir, name string) (string, error) {
	path := filepath.Join(dir, name)
	if err := os.RemoveAll(path); err != nil {
		return "", err
	}
	return path, os.MkdirAll(path, 0o755)
}
