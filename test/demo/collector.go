package main

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

const (
	// flushInterval is short, so that nobody waits for the figures.
	flushInterval = "1s"
	// healthyWithin is how long a collector may take to start.
	healthyWithin = time.Minute
	poll          = 100 * time.Millisecond
)

// startCollector starts the preset and returns when it is ready for spans.
func startCollector(ctx context.Context, s settings) (*child, error) {
	state := filepath.Join(s.dir, "state")
	if err := os.RemoveAll(state); err != nil { // budgets are those of this demo alone
		return nil, err
	}
	if err := os.MkdirAll(state, 0o755); err != nil {
		return nil, err
	}
	c := command{
		name: "the collector",
		log:  filepath.Join(s.dir, "collector.log"),
		env:  []string{"LISTEN_HOST=localhost", "STATE_DIR=" + state},
		args: []string{s.collector, "--config", "preset:standalone"},
	}
	for _, o := range append([]string{
		"yaml:connectors::workflow_metrics::flush_interval: " + flushInterval,
		"yaml:processors::percentile::flush_interval: " + flushInterval,
		"yaml:processors::slo::flush_interval: " + flushInterval,
	}, s.ports.overrides()...) {
		c.args = append(c.args, "--config", o)
	}
	p, err := launch(c)
	if err != nil {
		return nil, err
	}
	if err := awaitHealth(ctx, p, url(s.ports.health, "/")); err != nil {
		p.stop(syscall.SIGTERM)
		return nil, err
	}
	return p, nil
}

func awaitHealth(ctx context.Context, p *child, url string) error {
	late := time.After(healthyWithin)
	for {
		if resp, err := get(ctx, url, ""); err == nil {
			_ = resp.Body.Close()
			return nil
		}
		select {
		case <-ctx.Done():
			return errInterrupted
		case <-p.done:
			return p.failure()
		case <-late:
			return errors.New("the collector is not ready after a minute: " + p.lastWords())
		case <-time.After(poll):
		}
	}
}

// client keeps no connection: what it asks may be gone the next time.
var client = &http.Client{
	Timeout:   5 * time.Second,
	Transport: &http.Transport{DisableKeepAlives: true},
}

// get returns an answer with status 200.
func get(ctx context.Context, url, accept string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return nil, err
	}
	if accept != "" {
		req.Header.Set("Accept", accept)
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		_ = resp.Body.Close()
		return nil, errors.New(url + " answered " + resp.Status)
	}
	return resp, nil
}
