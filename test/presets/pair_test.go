package presets_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/test/collectortest"
	"github.com/tta-dev/otelcol-workflow/test/process"
)

// TestSidecarAndGateway runs the pair that the heads of the presets show. What a sidecar
// accepts must come out at the gateway; what the gateway has no place for is refused
// where it is sent, instead of lost on the way.
func TestSidecarAndGateway(t *testing.T) {
	binary := collectortest.Build(t)
	gateway := collectortest.Start(t, binary, "gateway", "yaml:connectors::workflow_metrics::flush_interval: 100ms")
	t.Setenv("GATEWAY_ENDPOINT", gateway.GRPC)
	t.Setenv("GATEWAY_INSECURE", "true")
	sidecar := collectortest.Start(t, binary, "sidecar")

	require.Equal(t, http.StatusOK, sidecar.Send(t, run(time.Now())))
	const runs = `workflow_runs_total{service_name="shop",workflow_name="checkout",workflow_outcome="success"} 1`
	require.Eventually(t, func() bool {
		return strings.Contains(gateway.Scrape(t, gateway.Metrics), runs)
	}, time.Minute, 100*time.Millisecond, "the run never came out at the gateway")

	for _, signal := range []string{"metrics", "logs"} {
		assert.Equal(t, http.StatusNotFound, post(t, sidecar.OTLP+"/v1/"+signal), signal)
		assert.Equal(t, http.StatusNotFound, post(t, gateway.OTLP+"/v1/"+signal), signal)
	}
}

// run is a request with one run that ends now.
func run(now time.Time) []byte {
	return fmt.Appendf(nil, `{"resourceSpans": [{
		"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "shop"}}]},
		"scopeSpans": [{"spans": [{
			"traceId": "0102030405060708090a0b0c0d0e0f10", "spanId": "0102030405060708", "name": "invoke_workflow checkout",
			"startTimeUnixNano": "%d", "endTimeUnixNano": "%d",
			"attributes": [
				{"key": "gen_ai.operation.name", "value": {"stringValue": "invoke_workflow"}},
				{"key": "workflow.name", "value": {"stringValue": "checkout"}}
			]
		}]}]
	}]}`, now.Add(-time.Second).UnixNano(), now.UnixNano())
}

// post sends an empty request and returns the status.
func post(t *testing.T, url string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader("{}"))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/json")
	_, status, err := process.Do(req)
	require.NoError(t, err)
	return status
}
