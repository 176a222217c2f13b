package main

import (
	"context"
	"os"
	"path/filepath"
	"regexp"

	"github.com/tta-dev/otelcol-workflow/test/rig"
)

// secret is a line of alertmanager.yml that names a file with where a receiver is.
var secret = regexp.MustCompile(`(?m)^[ -]*(?:url|api_url)_file: *"?([^"\s]+)"?`)

// startAlertmanager starts Alertmanager with our routes: the very file, beside secrets
// that have every receiver be the sink.
func (s settings) startAlertmanager(ctx context.Context) (*rig.Child, error) {
	data, err := emptied(s.dir, "alertmanager")
	if err != nil {
		return nil, err
	}
	routes, err := os.ReadFile(filepath.Join(s.root, "alerts", "alertmanager.yml"))
	if err != nil {
		return nil, err
	}
	for _, match := range secret.FindAllSubmatch(routes, -1) {
		path := filepath.Join(data, string(match[1]))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, err
		}
		if err := os.WriteFile(path, []byte(s.ports.sink.URL("/")), 0o600); err != nil {
			return nil, err
		}
	}
	config := filepath.Join(data, "alertmanager.yml")
	if err := os.WriteFile(config, routes, 0o600); err != nil {
		return nil, err
	}
	return rig.Serve(ctx, rig.Command{
		Name: "Alertmanager",
		Log:  filepath.Join(s.dir, "alertmanager.log"),
		Args: []string{
			s.binaries.alertmanager, "--config.file=" + config, "--storage.path=" + filepath.Join(data, "data"),
			"--web.listen-address=" + s.ports.alertmanager.Address(), "--cluster.listen-address=",
		},
	}, s.ports.alertmanager.URL("/-/ready"))
}
