package main

import "github.com/tta-dev/otelcol-workflow/test/rig"

// maxReplicas is how many collectors there is room for on a laptop.
const maxReplicas = 5

// apart is how far the ports of one collector lie from those of the next.
const apart = 100

// ports are all that the stack listens on.
type ports struct {
	collectors                     []rig.CollectorPorts
	prometheus, alertmanager, sink rig.Port
}

// portsAt returns the usual ports, each higher by offset.
func portsAt(replicas, offset int) ports {
	p := ports{
		prometheus:   rig.Port{What: "Prometheus", Number: 9090 + offset},
		alertmanager: rig.Port{What: "Alertmanager", Number: 9093 + offset},
		sink:         rig.Port{What: "the sink of notifications", Number: 9099 + offset},
	}
	for i := range replicas {
		p.collectors = append(p.collectors, rig.PresetPorts(offset+apart*i))
	}
	return p
}

func (p ports) all() []rig.Port {
	all := []rig.Port{p.prometheus, p.alertmanager, p.sink}
	for _, c := range p.collectors {
		all = append(all, c.All()...)
	}
	return all
}
