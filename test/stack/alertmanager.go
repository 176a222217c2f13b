package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/tta-dev/otelcol-workflow/test/rig"
)

// startAlertmanager starts Alertmanager with our routes, the sink at the end of each.
func (s settings) startAlertmanager(ctx context.Context) (*rig.Child, error) {
	dir, err := emptied(s.dir, "alertmanager")
	if err != nil {
		return nil, err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, err
	}
	shipped, err := os.ReadFile(filepath.Join(s.root, "alerts", "alertmanager.yml"))
	if err != nil {
		return nil, err
	}
	secret := filepath.Join(dir, "secret")
	if err := os.WriteFile(secret, []byte(s.ports.sink.URL(pathMessages)), 0o600); err != nil {
		return nil, err
	}
	ours, err := heard(shipped, s.ports.sink, secret)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, "alertmanager.yml"), ours, 0o600); err != nil {
		return nil, err
	}
	return rig.Serve(ctx, rig.Command{
		Name: "Alertmanager",
		Log:  filepath.Join(s.dir, "alertmanager.log"),
		Args: []string{
			s.binaries.alertmanager, "--config.file=" + filepath.Join(dir, "alertmanager.yml"),
			"--storage.path=" + filepath.Join(dir, "data"),
			"--web.listen-address=" + s.ports.alertmanager.Address(), "--cluster.listen-address=",
		},
	}, s.ports.alertmanager.URL("/-/ready"))
}

// heard has the sink hear of all that a receiver of the configuration hears of. Pages
// and the messages of channels, whose addresses are secrets, go to it too, and nowhere else.
// Routes, groups and what inhibits what stay as they are.
func heard(config []byte, sink rig.Port, secret string) ([]byte, error) {
	var c map[string]any
	if err := yaml.Unmarshal(config, &c); err != nil {
		return nil, err
	}
	reveal(c, secret)
	global, _ := c["global"].(map[string]any)
	if global == nil {
		global = make(map[string]any)
		c["global"] = global
	}
	global["pagerduty_url"] = sink.URL(pathMessages)
	receivers, _ := c["receivers"].([]any)
	for _, r := range receivers {
		if receiver, is := r.(map[string]any); is {
			more, _ := receiver["webhook_configs"].([]any)
			receiver["webhook_configs"] = append(more, map[string]any{"url": sink.URL(pathAlerts), "send_resolved": true})
		}
	}
	return yaml.Marshal(c)
}

// reveal has every secret that a file holds be that of one file.
func reveal(node any, secret string) {
	switch node := node.(type) {
	case map[string]any:
		for key, value := range node {
			if _, is := value.(string); is && strings.HasSuffix(key, "_file") {
				node[key] = secret
				continue
			}
			reveal(value, secret)
		}
	case []any:
		for _, value := range node {
			reveal(value, secret)
		}
	}
}
