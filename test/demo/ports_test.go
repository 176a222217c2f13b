package main

import (
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// free returns ports at an offset where nothing listens, out of the way of those
// that the system hands out.
func free(t *testing.T) ports {
	t.Helper()
	for offset := 5500; offset <= maxOffset; offset += 250 {
		p := shifted(offset)
		if _, is := p.taken(t.Context()); !is {
			return p
		}
	}
	t.Fatal("no free ports")
	return ports{}
}

func listen(t *testing.T, p port) net.Listener {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", address(p))
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func TestTakenPortIsNamedWithTheFix(t *testing.T) {
	p := free(t)
	require.NoError(t, p.check(t.Context()))
	for _, one := range p.all() {
		l := listen(t, one)
		err := p.check(t.Context())
		require.ErrorContains(t, err, fmt.Sprintf("port %d (%s) is taken: stop what listens there", one.number, one.what))
		assert.Regexp(t, `or run: make demo PORT_OFFSET=[1-9]000$`, err.Error())
		require.NoError(t, l.Close())
	}
}

// With the ports of the preset the demo runs the very preset.
func TestOverrides(t *testing.T) {
	assert.Empty(t, shifted(0).overrides())
	p := shifted(1000)
	assert.Len(t, p.overrides(), len(p.all()))
}

// Who had to move the ports is not sent to those that are taken.
func TestHintKeepsAwayFromTakenPorts(t *testing.T) {
	for offset, want := range map[int]string{0: "localhost", 1000: "127.0.0.2"} {
		var out strings.Builder
		hint(shifted(offset), screen{&out})
		assert.Contains(t, out.String(), "http://"+want+":8889/metrics")
		assert.Contains(t, out.String(), "OTEL_EXPORTER_OTLP_ENDPOINT=http://"+want+":4318")
		assert.Equal(t, offset == 0, strings.Contains(out.String(), "localhost"), out.String())
	}
}
