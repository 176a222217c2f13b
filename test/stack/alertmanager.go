package main

import (
	"context"
	"os"
	"path/filepath"
	"regexp"

	"go.yaml.in/yaml/v3"

	"github.com/tta-dev/otelcol-workflow/test/rig"
)

// secret names a file of alertmanager.yml.
var secret = regexp.MustCompile(`_file: *"?([^"\s,}]+)"?`)

// startAlertmanager starts Alertmanager with our routes, beside secrets that have the
// channels of teams be the sink.
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
	files := make(map[string][]byte)
	for _, match := range secret.FindAllSubmatch(shipped, -1) {
		files[string(match[1])] = []byte(s.ports.sink.URL(pathMessages))
	}
	if files["alertmanager.yml"], err = heard(shipped, s.ports.sink); err != nil {
		return nil, err
	}
	for name, body := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, err
		}
		if err := os.WriteFile(path, body, 0o600); err != nil {
			return nil, err
		}
	}
	return rig.Serve(ctx, rig.Command{
		Name: "Alertmanager",
		Dir:  dir, // where it looks for the files of secrets
		Log:  filepath.Join(s.dir, "alertmanager.log"),
		Args: []string{
			s.binaries.alertmanager, "--config.file=" + filepath.Join(dir, "alertmanager.yml"),
			"--storage.path=" + filepath.Join(dir, "data"),
			"--web.listen-address=" + s.ports.alertmanager.Address(), "--cluster.listen-address=",
		},
	}, s.ports.alertmanager.URL("/-/ready"))
}

// heard has the sink hear of all that a receiver of the configuration hears of, and
// pages go to it too. Routes, groups and what inhibits what stay as they are.
func heard(config []byte, sink rig.Port) ([]byte, error) {
	var c map[string]any
	if err := yaml.Unmarshal(config, &c); err != nil {
		return nil, err
	}
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
