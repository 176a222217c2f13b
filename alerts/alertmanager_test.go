package alerts_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/test/process"
	"github.com/tta-dev/otelcol-workflow/test/repo"
)

// labels are those of an alert that fires.
type labels map[string]string

// with returns the labels and more.
func (l labels) with(name, value string) labels {
	out := labels{name: value}
	for k, v := range l {
		if k != name {
			out[k] = v
		}
	}
	return out
}

// firing returns an alert of ours for the workflow research, with the labels of its rule.
func firing(t *testing.T, all map[string]rule, name string) labels {
	t.Helper()
	require.Contains(t, all, name)
	r := all[name]
	out := labels{"alertname": name, "severity": r.Labels["severity"], "category": r.Labels["category"]}
	switch r.Labels["category"] {
	case "collector", "stability", "budget":
	case "slo", "error_budget", "burn_rate":
		out["slo_name"] = "run-success"
		fallthrough
	default:
		out["workflow_name"] = "research"
	}
	return out
}

// manager is a running Alertmanager.
type manager struct{ url string }

// start runs Alertmanager with the configuration of that path.
func start(t *testing.T, path string) manager {
	t.Helper()
	address := fmt.Sprintf("127.0.0.1:%d", process.Ports(t, 1)[0])
	p := process.Start(t, repo.Tool(t, "tools/alertmanager", "alertmanager"), "--config.file="+path,
		"--web.listen-address="+address, "--cluster.listen-address=", "--storage.path="+filepath.Join(t.TempDir(), "data"))
	p.Await(t, "http://"+address+"/-/ready")
	return manager{url: "http://" + address}
}

// startOurs runs it with our configuration as it is, and no secrets.
func startOurs(t *testing.T) manager {
	t.Helper()
	text, err := os.ReadFile(config)
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), config)
	require.NoError(t, os.WriteFile(path, text, 0o600))
	return start(t, path)
}

// post has the alerts fire from now on.
func (m manager) post(t *testing.T, all ...labels) {
	t.Helper()
	type alert struct {
		Labels      labels    `json:"labels"`
		Annotations labels    `json:"annotations"`
		StartsAt    time.Time `json:"startsAt"`
	}
	var body []alert
	for _, l := range all {
		body = append(body, alert{l, labels{"summary": l["alertname"] + " is so", "runbook_url": runbooks + l["alertname"] + ".md"}, time.Now()})
	}
	text, err := json.Marshal(body)
	require.NoError(t, err)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, m.url+"/api/v2/alerts", bytes.NewReader(text))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/json")
	answer, status, err := process.Do(req)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, status, answer)
}

// known is an alert as Alertmanager tells it.
type known struct {
	Labels      labels `json:"labels"`
	Fingerprint string `json:"fingerprint"`
	Status      struct {
		InhibitedBy []string `json:"inhibitedBy"`
	} `json:"status"`
}

// alerts returns those that fire.
func (m manager) alerts(t *testing.T) []known {
	t.Helper()
	answer, status, err := process.Get(t.Context(), m.url+"/api/v2/alerts")
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, status, answer)
	var out []known
	require.NoError(t, json.Unmarshal([]byte(answer), &out))
	return out
}

// hidden returns the names of the alerts with that label which others hide, sorted.
func (m manager) hidden(t *testing.T, label, value string) []string {
	t.Helper()
	var out []string
	for _, a := range m.alerts(t) {
		if a.Labels[label] == value && len(a.Status.InhibitedBy) > 0 {
			out = append(out, a.Labels["alertname"])
		}
	}
	slices.Sort(out)
	return out
}
