package alerts_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sink keeps what is sent to it, by path. Safe for concurrent use.
type sink struct {
	mu  sync.Mutex
	got map[string][]string
}

// ServeHTTP implements [http.Handler].
func (s *sink) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	s.got[r.URL.Path] = append(s.got[r.URL.Path], string(body))
	s.mu.Unlock()
	w.WriteHeader(http.StatusAccepted) // what PagerDuty answers
	_, _ = io.WriteString(w, "ok")
}

func (s *sink) at(path string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.got[path]
}

// TestNotifications gives Alertmanager its secrets, all of which lead to a sink. All that is
// critical about one workflow pages once, with its severity, and reaches the team too.
func TestNotifications(t *testing.T) {
	s := &sink{got: map[string][]string{}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	m := start(t, withSecrets(t, server.URL))
	all := alerts(t)
	m.post(t, firing(t, all, "CriticalP95Latency"), firing(t, all, "CriticalCostRate"), firing(t, all, "CallsUnpriced"))
	require.Eventually(t, func() bool {
		return len(s.at("/pager")) > 0 && len(s.at("/slack_performance")) > 0 && len(s.at("/slack_cost")) > 0 && len(s.at("/slack_platform")) > 0
	}, time.Minute, 100*time.Millisecond)

	page := s.at("/pager")
	require.Len(t, page, 1)
	for _, want := range []string{`"severity":"critical"`, "is so and 1 more", "CriticalP95Latency", "CriticalCostRate", "runbooks/CriticalCostRate.md", `"routing_key":"the key"`} {
		assert.Contains(t, page[0], want)
	}
	assert.Contains(t, s.at("/slack_performance")[0], "FIRING critical: CriticalP95Latency is so")
	assert.Contains(t, s.at("/slack_platform")[0], "FIRING warning: CallsUnpriced is so")
	assert.Empty(t, s.at("/slack_oncall"))
}

// withSecrets writes our configuration and all secrets, lets it read them there and have no
// patience, and returns its path.
func withSecrets(t *testing.T, url string) string {
	t.Helper()
	text, err := os.ReadFile(config)
	require.NoError(t, err)
	dir := t.TempDir()
	for _, file := range secret.FindAllString(string(text), -1) {
		value := url + "/" + filepath.Base(file)
		if filepath.Base(file) == "pagerduty_key" {
			value = "the key"
		}
		require.NoError(t, os.WriteFile(filepath.Join(dir, filepath.Base(file)), []byte(value), 0o600))
	}
	hasty := strings.NewReplacer(folder, dir, "resolve_timeout: 5m", "resolve_timeout: 5m\n  pagerduty_url: "+url+"/pager",
		"group_wait: 10s", "group_wait: 1s", "group_wait: 30s", "group_wait: 1s").Replace(string(text))
	path := filepath.Join(dir, config)
	require.NoError(t, os.WriteFile(path, []byte(hasty), 0o600))
	return path
}
