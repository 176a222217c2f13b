package main

import (
	"fmt"
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// free returns ports at an offset where nothing listens, out of the way of those
// that the system hands out.
func free(t *testing.T) ports {
	t.Helper()
	for offset := 5500; offset <= maxOffset; offset += 250 {
		p, err := shifted(offset)
		require.NoError(t, err)
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
	p, err := shifted(0)
	require.NoError(t, err)
	assert.Empty(t, p.overrides())
	p, err = shifted(1000)
	require.NoError(t, err)
	assert.Len(t, p.overrides(), len(p.all()))
}
