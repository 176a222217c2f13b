package e2e_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/test/collectortest"
	"github.com/tta-dev/otelcol-workflow/test/process"
)

// TestNamesOfTrouble brings a collector into trouble that others have no metrics of: the
// alerts on the collector itself look at these names. See alerts/collector-alerts.yml.
func TestNamesOfTrouble(t *testing.T) {
	nobody := fmt.Sprintf("yaml:exporters::otlp_grpc: {endpoint: '127.0.0.1:%d', tls: {insecure: true}}", process.Ports(t, 1)[0])
	binary := collectortest.Build(t)
	for _, tc := range []struct {
		what, preset string
		overrides    []string
		names        []string
	}{
		{
			"nobody takes its traces", "gateway",
			[]string{
				nobody,
				"yaml:exporters::otlp_grpc::retry_on_failure: {initial_interval: 1s, max_interval: 1s, max_elapsed_time: 2s}",
				"yaml:exporters::otlp_grpc::sending_queue: {queue_size: 1, num_consumers: 1}",
				"yaml:processors::tail_sampling::decision_wait: 1s",
			},
			[]string{
				"otelcol_exporter_queue_size", "otelcol_exporter_queue_capacity",
				"otelcol_exporter_send_failed_spans", "otelcol_exporter_enqueue_failed_spans",
			},
		},
		{
			"it has too little memory", "standalone",
			[]string{"yaml:processors::memory_limiter::limit_mib: 1"},
			[]string{"otelcol_processor_memory_limiter_refused_spans", "otelcol_receiver_refused_spans"},
		},
	} {
		t.Run(tc.what, func(t *testing.T) {
			c := collectortest.Start(t, binary, tc.preset, tc.overrides...)
			body := protobuf(t, newLoad(1).batch(perEach))
			require.Eventually(t, func() bool {
				c.Post(t, "application/x-protobuf", body)
				text := c.Scrape(t, c.Own)
				for _, name := range tc.names {
					if !grows(text, name) {
						return false
					}
				}
				return true
			}, patience, tick, "%v", tc.names)
			require.NoError(t, c.Stop())
		})
	}
}

// grows says whether a series of the text has the name and a value other than 0.
func grows(text, name string) bool {
	for line := range strings.Lines(text) {
		if labels, is := strings.CutPrefix(line, name+"{"); is && !strings.HasSuffix(strings.TrimSpace(labels), " 0") {
			return true
		}
	}
	return false
}
