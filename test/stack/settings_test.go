package main

import (
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/test/rig"
)

func TestSettings(t *testing.T) {
	s, err := parse(nil, io.Discard)
	require.NoError(t, err)
	assert.Zero(t, s.duration, "until Ctrl-C")
	assert.Equal(t, fault{"none", time.Minute, 3 * time.Minute}, s.fault)
	assert.Len(t, s.ports.collectors, 1)

	s, err = parse(strings.Fields("-duration 90 -rate 2 -fault cost -fault-after 10 -fault-for 1m -replicas 3 -port-offset 1000"), io.Discard)
	require.NoError(t, err)
	assert.Equal(t, 90*time.Second, s.duration)
	assert.Equal(t, fault{"cost", 10 * time.Second, time.Minute}, s.fault)
	assert.Equal(t, portsAt(3, 1000), s.ports)
}

// Each of these is what someone types after make stack.
func TestBadSettingsNameTheVariable(t *testing.T) {
	for _, tc := range []struct{ args, want string }{
		{"-duration 0", "DURATION=0: use 1s to 1h"},
		{"-rate 0", "RATE=0:"},
		{"-fault error", "FAULT=error: use errors, latency, cost, stop, none"},
		{"-fault-after soon", "FAULT_AFTER=soon: use 1s to 1h, such as FAULT_AFTER=30s"},
		{"-fault-for 2h", "FAULT_FOR=2h:"},
		{"-replicas 6", "REPLICAS=6: use 1 to 5, such as REPLICAS=3"},
		{"-replicas x", "REPLICAS=x:"},
		{"-port-offset x", "PORT_OFFSET=x:"},
		{"-nosuch", "nosuch"},
	} {
		_, err := parse(strings.Fields(tc.args), io.Discard)
		require.ErrorContains(t, err, tc.want)
		assert.NotContains(t, err.Error(), "\n", tc.args)
	}
}

// No two of the stack, or of stacks a thousand apart, may meet.
func TestPortsAreDifferent(t *testing.T) {
	seen := make(map[int]rig.Port)
	for _, offset := range []int{0, 1000, 2000} {
		for _, p := range portsAt(maxReplicas, offset).all() {
			assert.NotContains(t, seen, p.Number, "%s and %s", p.What, seen[p.Number].What)
			seen[p.Number] = p
		}
	}
}

func TestEveryFaultIsDescribed(t *testing.T) {
	seen := make(map[string]bool)
	for _, kind := range faults {
		text := fault{kind, time.Minute, 3 * time.Minute}.String()
		assert.Equal(t, kind != "none", strings.HasSuffix(text, " after 1m0s, for 3m0s"), text)
		assert.False(t, seen[text], text)
		seen[text] = true
	}
}

// Routes stay; each receiver also tells the sink, and all that is secret is where the sink is.
func TestHeard(t *testing.T) {
	sink := rig.Port{What: "the sink", Number: 99}
	got, err := heard([]byte(`
route: {receiver: a}
receivers:
  - name: a
    slack_configs: [{channel: '#a', api_url_file: /etc/a}]
  - name: b
    webhook_configs: [{url: http://b}]
`), sink, "/tmp/secret")
	require.NoError(t, err)
	assert.YAMLEq(t, `
global: {pagerduty_url: http://localhost:99/messages}
route: {receiver: a}
receivers:
  - name: a
    slack_configs: [{channel: '#a', api_url_file: /tmp/secret}]
    webhook_configs: [{url: http://localhost:99/alerts, send_resolved: true}]
  - name: b
    webhook_configs: [{url: http://b}, {url: http://localhost:99/alerts, send_resolved: true}]
`, string(got))
	_, err = heard([]byte("a: ["), sink, "")
	require.Error(t, err)
}

func TestEndTellsWhetherTheFaultEndsFirst(t *testing.T) {
	for _, tc := range []struct {
		kind     string
		duration time.Duration
		want     string
	}{
		{"errors", 0, "Ctrl-C ends it"},
		{"none", time.Minute, "it ends after 1m0s"},
		{"errors", 4 * time.Minute, "it ends after 4m0s, before anything can resolve: the fault is over after 4m0s"},
		{"errors", 10 * time.Minute, "it ends after 10m0s"},
	} {
		s := settings{duration: tc.duration, fault: fault{tc.kind, time.Minute, 3 * time.Minute}}
		assert.Equal(t, tc.want, s.end())
	}
}
