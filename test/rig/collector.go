package rig

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// terminate is how a server is asked to end.
const terminate = syscall.SIGTERM

// CollectorPorts are those that the standalone preset listens on.
type CollectorPorts struct {
	// OTLPGRPC and OTLPHTTP take spans.
	OTLPGRPC, OTLPHTTP Port
	// Metrics are what Prometheus scrapes, Own those of the collector about itself.
	Metrics, Own Port
	// Health answers when the collector is ready.
	Health Port
}

// PresetPorts returns the ports of the preset, each higher by offset.
func PresetPorts(offset int) CollectorPorts {
	return CollectorPorts{
		OTLPGRPC: Port{"OTLP over gRPC", 4317 + offset},
		OTLPHTTP: Port{"OTLP over HTTP", 4318 + offset},
		Metrics:  Port{"metrics", 8889 + offset},
		Own:      Port{"the collector's own metrics", 8888 + offset},
		Health:   Port{"health", 13133 + offset},
	}
}

// All returns every port.
func (p CollectorPorts) All() []Port {
	return []Port{p.OTLPGRPC, p.OTLPHTTP, p.Metrics, p.Own, p.Health}
}

// overrides are the values of --config that move the preset to these ports.
func (p CollectorPorts) overrides() []string {
	if p == PresetPorts(0) {
		return nil
	}
	return []string{
		"yaml:receivers::otlp::protocols::grpc::endpoint: " + p.OTLPGRPC.Address(),
		"yaml:receivers::otlp::protocols::http::endpoint: " + p.OTLPHTTP.Address(),
		"yaml:exporters::prometheus::endpoint: " + p.Metrics.Address(),
		"yaml:extensions::health_check::endpoint: " + p.Health.Address(),
		fmt.Sprintf("yaml:{service: {telemetry: {metrics: {readers: [{pull: {exporter: {prometheus: {host: localhost, port: %d}}}}]}}}}", p.Own.Number),
	}
}

// Collector is one to start, with preset:standalone. It is a plain value.
type Collector struct {
	// Binary is what to run.
	Binary string
	// Dir is the folder for its log and for its state, which is removed first: budgets are those of this start alone.
	Dir string
	// Ports are what it listens on.
	Ports CollectorPorts
	// Flush is how often its components tell their figures.
	Flush time.Duration
	// Config are more values of --config.
	Config []string
}

// Start starts the collector and returns when it is ready for spans.
func (c Collector) Start(ctx context.Context) (*Child, error) {
	state := filepath.Join(c.Dir, "state")
	if err := os.RemoveAll(state); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(state, 0o755); err != nil {
		return nil, err
	}
	args := []string{c.Binary, "--config", "preset:standalone"}
	for _, component := range []string{"connectors::workflow_metrics", "processors::percentile", "processors::slo"} {
		args = append(args, "--config", fmt.Sprintf("yaml:%s::flush_interval: %v", component, c.Flush))
	}
	for _, o := range append(c.Ports.overrides(), c.Config...) {
		args = append(args, "--config", o)
	}
	return Serve(ctx, Command{
		Name: "the collector",
		Log:  filepath.Join(c.Dir, "collector.log"),
		Env:  []string{"LISTEN_HOST=localhost", "STATE_DIR=" + state},
		Args: args,
	}, c.Ports.Health.URL("/"))
}
