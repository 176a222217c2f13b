//go:build unix

package main

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/test/collectortest"
	"github.com/tta-dev/otelcol-workflow/test/process"
	"github.com/tta-dev/otelcol-workflow/test/rig"
	"github.com/tta-dev/otelcol-workflow/test/rigtest"
)

// The binaries are built once; whatever happens, the ports must be free after.
func TestDemo(t *testing.T) {
	collector, agent := collectortest.Build(t), rigtest.Example(t, "support-agent")
	demo := func(ctx context.Context, t *testing.T, collector, agent string, out *rigtest.Output) error {
		t.Helper()
		s := settings{
			dir: t.TempDir(), collector: collector, agent: agent,
			duration: 5 * time.Second, rate: 20, seed: 1, offset: 1000, ports: free(t),
		}
		err := run(ctx, s, rig.Screen{Writer: out})
		taken, is := rig.Taken(t.Context(), s.ports.All())
		assert.False(t, is, "port %d is still taken", taken.Number)
		if err != nil {
			assert.NotContains(t, err.Error(), "\n")
		}
		return err
	}

	t.Run("counts what was sent", func(t *testing.T) {
		out := &rigtest.Output{}
		require.NoError(t, demo(t.Context(), t, collector, agent, out), out.String())
		text := out.String()
		assert.Contains(t, text, "counted 100 of 100 runs, ")
		assert.Regexp(t, `(?m)^  +\ds  [1-9]\d* runs, \d+ in flight, \d+ errors, p99 `, text, "progress")
		assert.Regexp(t, `(?m)^workflow support +count +per s +in flight +errors +p50 +p90 +p95 +p99$`, text)
		assert.Regexp(t, `(?m)^  runs +100 +\d+\.\d +0 +\d+ +\d+ ms +`, text)
		assert.Regexp(t, `(?m)^  step gather +9\d +`, text)
		assert.Regexp(t, `(?m)^  chat claude-sonnet-4-5 +9\d +`, text)
		assert.Regexp(t, `(?m)^  anthropic claude-sonnet-4-5 +\d{6} +\d+ +\d+$`, text)
		assert.Contains(t, text, "p50 to p99 of the runs are off by at most ")
		assert.Contains(t, text, "LISTEN_HOST=127.0.0.2 make run")
	})

	t.Run("interrupted, it shows what there is", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		out := &rigtest.Output{Saw: func(text string) {
			if strings.Contains(text, "in flight") {
				cancel()
			}
		}}
		require.ErrorIs(t, demo(ctx, t, collector, agent, out), rig.ErrInterrupted, out.String())
		assert.Regexp(t, `(?m)^counted (\d+) of (\d+) runs, `, out.String())
	})

	t.Run("interrupted while it starts", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		out := &rigtest.Output{Saw: func(string) { cancel() }}
		require.ErrorIs(t, demo(ctx, t, collector, agent, out), rig.ErrInterrupted)
	})

	t.Run("interrupted before the first run", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		out := &rigtest.Output{Saw: func(text string) {
			if strings.Contains(text, "sending") {
				cancel()
			}
		}}
		none := rigtest.Script(t, `for report; do :; done; echo '{"workflow":"support"}' >"$report"; exec sleep 1`)
		err := demo(ctx, t, collector, none, out)
		require.ErrorIs(t, err, rig.ErrInterrupted)
		require.NotContains(t, out.String(), "counted")
	})

	t.Run("the example fails", func(t *testing.T) {
		err := demo(t.Context(), t, collector, rigtest.Script(t, "echo out of luck >&2; exit 1"), &rigtest.Output{})
		require.ErrorContains(t, err, "the example failed: out of luck (all it said: ")
	})

	t.Run("the example counts otherwise", func(t *testing.T) {
		lies := rigtest.Script(t, `for report; do :; done; echo '{"workflow":"support","service":"x","elapsed_seconds":1,"runs":{"success":1}}' >"$report"`)
		err := demo(t.Context(), t, collector, lies, &rigtest.Output{})
		require.ErrorContains(t, err, "the metrics are not what was sent: runs success: sent 1, counted 0")
	})

	t.Run("the collector does not start", func(t *testing.T) {
		err := demo(t.Context(), t, rigtest.Script(t, "echo 'Error: bad config' >&2; exit 1"), agent, &rigtest.Output{})
		require.ErrorContains(t, err, "the collector failed: Error: bad config (all it said: ")
	})

	t.Run("the collector dies", func(t *testing.T) {
		dies := rigtest.Script(t, collector+` "$@" & sleep 4; kill -9 $!; wait $!; echo killed`)
		err := demo(t.Context(), t, dies, rigtest.Script(t, "exec sleep 1000"), &rigtest.Output{})
		require.ErrorContains(t, err, "the collector failed: killed (all it said: ")
	})

	t.Run("a port is taken", func(t *testing.T) {
		p := free(t)
		l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", p.Metrics.Address())
		require.NoError(t, err)
		defer func() { _ = l.Close() }()
		err = run(t.Context(), settings{dir: t.TempDir(), ports: p}, rig.Screen{Writer: &rigtest.Output{}})
		require.ErrorContains(t, err, "(metrics) is taken: stop what listens there, or run: make demo PORT_OFFSET=")
	})
}

// free returns ports where nothing listens.
func free(t *testing.T) rig.CollectorPorts {
	t.Helper()
	p := rig.PresetPorts(0)
	for i, n := range process.Ports(t, len(p.All())) {
		[]*rig.Port{&p.OTLPGRPC, &p.OTLPHTTP, &p.Metrics, &p.Own, &p.Health}[i].Number = n
	}
	return p
}

// Who had to move the ports is not sent to those that are taken.
func TestHintKeepsAwayFromTakenPorts(t *testing.T) {
	for offset, want := range map[int]string{0: "localhost", 1000: "127.0.0.2"} {
		var out strings.Builder
		hint(offset, rig.Screen{Writer: &out})
		assert.Contains(t, out.String(), "http://"+want+":8889/metrics")
		assert.Contains(t, out.String(), "OTEL_EXPORTER_OTLP_ENDPOINT=http://"+want+":4318")
		assert.Equal(t, offset == 0, strings.Contains(out.String(), "localhost"), out.String())
	}
}
