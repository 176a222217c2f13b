//go:build unix

package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/test/rig"
	"github.com/tta-dev/otelcol-workflow/test/rigtest"
)

// The binaries are built once; whatever happens, the ports must be free after.
func TestRun(t *testing.T) {
	t.Parallel()
	all, root := built(t), quick(t)
	try := func(ctx context.Context, t *testing.T, out *rigtest.Output, change func(*settings)) error {
		t.Helper()
		ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
		defer cancel()
		s := settings{
			root: root, dir: t.TempDir(), binaries: all, rate: 10, seed: 1, ports: free(t, 2),
			fault: fault{"errors", time.Second, 20 * time.Second},
		}
		change(&s)
		err := run(ctx, s, rig.Screen{Writer: out})
		taken, is := rig.Taken(t.Context(), s.ports.all())
		assert.False(t, is, "port %d is still taken", taken.Number)
		if err != nil {
			assert.NotContains(t, err.Error(), "\n")
		}
		return err
	}

	t.Run("tells what fires and what resolves", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		out := &rigtest.Output{Saw: func(text string) {
			if strings.Contains(text, "resolved") {
				cancel()
			}
		}}
		require.NoError(t, try(ctx, t, out, func(*settings) {}), out)
		text := out.String()
		assert.Contains(t, text, "10 runs a second of the workflow support; all of them fail after 1s, for 20s")
		assert.Contains(t, text, "    1s  the fault begins\n")
		assert.Contains(t, text, "   21s  the fault is over\n")
		assert.Regexp(t, `(?m)^ +\d+s  firing    critical  Failing  support  → pager$`, text)
		assert.Regexp(t, `(?m)^ +\d?m?\d+s  resolved  critical  Failing  support  → pager$`, text)
		assert.Regexp(t, `(?m)^Failing +critical +support +\d+s +\d?m?\d+s +pager$`, text)
		assert.Regexp(t, `Prometheus counted all runs that were sent: .*\d+ error`, text)
	})

	t.Run("interrupted before its time", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		out := &rigtest.Output{Saw: func(text string) {
			if strings.Contains(text, "runs a second") {
				cancel()
			}
		}}
		err := try(ctx, t, out, func(s *settings) { s.duration = time.Hour })
		require.ErrorIs(t, err, rig.ErrInterrupted, out)
	})

	t.Run("interrupted while it starts", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		out := &rigtest.Output{Saw: func(string) { cancel() }}
		require.ErrorIs(t, try(ctx, t, out, func(*settings) {}), rig.ErrInterrupted)
	})

	for name, change := range map[string]func(*binaries, string){
		"the collector": func(b *binaries, broken string) { b.collector = broken },
		"Prometheus":    func(b *binaries, broken string) { b.prometheus = broken },
		"Alertmanager":  func(b *binaries, broken string) { b.alertmanager = broken },
		"the example":   func(b *binaries, broken string) { b.agent = broken },
	} {
		t.Run(name+" fails", func(t *testing.T) {
			broken := rigtest.Script(t, "echo out of luck >&2; exit 1")
			err := try(t.Context(), t, &rigtest.Output{}, func(s *settings) { change(&s.binaries, broken) })
			require.ErrorContains(t, err, name+" failed: out of luck (all it said: ")
		})
	}

	t.Run("the example counts otherwise", func(t *testing.T) {
		lies := rigtest.Script(t, `while [ "$1" != -report ]; do shift; done; trap 'echo "{\"runs\":{\"success\":1}}" >"$2"; exit 0' INT; while :; do sleep 0.1; done`)
		err := try(t.Context(), t, &rigtest.Output{}, func(s *settings) { s.binaries.agent, s.duration = lies, time.Second })
		require.ErrorContains(t, err, "the metrics are not what was sent: runs 2 success, counted none")
	})

	t.Run("a port is taken", func(t *testing.T) {
		p := free(t, 1)
		taken, err := startSink(t.Context(), p.sink)
		require.NoError(t, err)
		defer taken.stop()
		err = run(t.Context(), settings{dir: t.TempDir(), ports: p}, rig.Screen{Writer: &rigtest.Output{}})
		require.ErrorContains(t, err, "(the sink of notifications) is taken: stop what listens there, or run: make stack PORT_OFFSET=")
	})
}
