package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/test/collectortest"
	"github.com/tta-dev/otelcol-workflow/test/process"
	"github.com/tta-dev/otelcol-workflow/test/repo"
	"github.com/tta-dev/otelcol-workflow/test/rig"
	"github.com/tta-dev/otelcol-workflow/test/rigtest"
)

// built are all programs, of which the collector and the example are built anew.
func built(t *testing.T) binaries {
	t.Helper()
	return binaries{
		collector:    collectortest.Build(t),
		agent:        rigtest.Example(t, "support-agent"),
		prometheus:   repo.Tool(t, "tools/prometheus", "prometheus"),
		alertmanager: repo.Tool(t, "tools/alertmanager", "alertmanager"),
	}
}

// free returns ports where nothing listens.
func free(t *testing.T, replicas int) ports {
	t.Helper()
	p := portsAt(replicas, 0)
	all := []*rig.Port{&p.prometheus, &p.alertmanager, &p.sink}
	for i := range p.collectors {
		c := &p.collectors[i]
		all = append(all, &c.OTLPGRPC, &c.OTLPHTTP, &c.Metrics, &c.Own, &c.Health)
	}
	for i, n := range process.Ports(t, len(all)) {
		all[i].Number = n
	}
	return p
}

// quick is a repository whose one alert fires while runs fail, at once.
func quick(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(root, "alerts"), 0o700))
	for name, text := range map[string]string{
		"recording-rules.yml": "groups: []\n",
		"some-alerts.yml": `groups:
  - name: some
    interval: 1s
    rules:
      - alert: Failing
        expr: sum by (workflow_name) (rate(workflow_runs_total{workflow_outcome!="success"}[30s])) > 0
        labels: {severity: critical}
`,
		"alertmanager.yml": `route: {receiver: pager, group_wait: 0s, group_interval: 1s}
receivers:
  - name: pager
    slack_configs: [{api_url_file: secrets/pager, text: '{{ (index .Alerts 0).Labels.alertname }}'}]
`,
	} {
		require.NoError(t, os.WriteFile(filepath.Join(root, "alerts", name), []byte(text), 0o600))
	}
	return root
}
