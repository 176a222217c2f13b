package rig

import (
	"fmt"
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/test/process"
)

func TestTakenPortIsNamedWithTheFix(t *testing.T) {
	n := process.Ports(t, 2)
	ports := []Port{{"metrics", n[0]}, {"health", n[1]}}
	elsewhere := process.Ports(t, 1)[0]
	at := func(offset int) []Port {
		if offset < 3000 {
			return ports
		}
		return []Port{{"metrics", elsewhere}}
	}
	require.NoError(t, CheckPorts(t.Context(), "make it", ports, at))
	for _, p := range ports {
		l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", p.Address())
		require.NoError(t, err)
		err = CheckPorts(t.Context(), "make it", ports, at)
		require.EqualError(t, err, fmt.Sprintf("port %d (%s) is taken: stop what listens there, or run: make it PORT_OFFSET=3000", p.Number, p.What))
		none := func(int) []Port { return ports }
		err = CheckPorts(t.Context(), "make it", ports, none)
		require.EqualError(t, err, fmt.Sprintf("port %d (%s) is taken: stop what listens there", p.Number, p.What))
		require.NoError(t, l.Close())
	}
}

// With the ports of the preset it is the very preset that runs.
func TestOverrides(t *testing.T) {
	assert.Empty(t, PresetPorts(0).overrides())
	p := PresetPorts(1000)
	assert.Len(t, p.overrides(), len(p.All()))
}
