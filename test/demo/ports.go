package main

import (
	"context"
	"fmt"
	"net"
)

// port is one that the standalone preset listens on.
type port struct {
	what   string
	number int
}

// ports are all of them.
type ports struct {
	otlpGRPC, otlpHTTP, metrics, own, health port
	offset                                   int
}

// maxOffset keeps the highest port, 13133, below those that systems hand out, from 32768.
const maxOffset = 9000

// shifted returns the ports of the preset, each higher by offset.
func shifted(offset int) ports {
	return ports{
		otlpGRPC: port{"OTLP over gRPC", 4317 + offset},
		otlpHTTP: port{"OTLP over HTTP", 4318 + offset},
		metrics:  port{"metrics", 8889 + offset},
		own:      port{"the collector's own metrics", 8888 + offset},
		health:   port{"health", 13133 + offset},
		offset:   offset,
	}
}

func (p ports) all() []port {
	return []port{p.otlpGRPC, p.otlpHTTP, p.metrics, p.own, p.health}
}

// check returns an error for the first port that something listens on already.
func (p ports) check(ctx context.Context) error {
	taken, is := p.taken(ctx)
	if !is {
		return nil
	}
	fix := "stop what listens there"
	if offset, found := elsewhere(ctx); found {
		fix += fmt.Sprintf(", or run: make demo PORT_OFFSET=%d", offset)
	}
	return fmt.Errorf("port %d (%s) is taken: %s", taken.number, taken.what, fix)
}

// elsewhere finds an offset at which all ports are free.
func elsewhere(ctx context.Context) (offset int, found bool) {
	for offset = 1000; offset <= maxOffset; offset += 1000 {
		if _, is := shifted(offset).taken(ctx); !is {
			return offset, true
		}
	}
	return 0, false
}

func (p ports) taken(ctx context.Context) (port, bool) {
	for _, one := range p.all() {
		l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address(one))
		if err != nil {
			return one, true
		}
		_ = l.Close()
	}
	return port{}, false
}

func address(p port) string { return fmt.Sprintf("localhost:%d", p.number) }

func url(p port, path string) string { return "http://" + address(p) + path }

// overrides are the values of --config that move the preset to these ports.
func (p ports) overrides() []string {
	if p.offset == 0 {
		return nil
	}
	return []string{
		"yaml:receivers::otlp::protocols::grpc::endpoint: " + address(p.otlpGRPC),
		"yaml:receivers::otlp::protocols::http::endpoint: " + address(p.otlpHTTP),
		"yaml:exporters::prometheus::endpoint: " + address(p.metrics),
		"yaml:extensions::health_check::endpoint: " + address(p.health),
		fmt.Sprintf("yaml:{service: {telemetry: {metrics: {readers: [{pull: {exporter: {prometheus: {host: localhost, port: %d}}}}]}}}}", p.own.number),
	}
}
