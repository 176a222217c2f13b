package distribution_test

import "regexp"

// span is a run as any OTLP exporter sends it.
const span = `{"resourceSpans": [{
	"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "theirs"}}]},
	"scopeSpans": [{"spans": [{
		"traceId": "0af7651916cd43dd8448eb211c80319c", "spanId": "b7ad6b7169203331", "name": "invoke_workflow refund",
		"startTimeUnixNano": "1700000000000000000", "endTimeUnixNano": "1700000001500000000",
		"attributes": [
			{"key": "gen_ai.operation.name", "value": {"stringValue": "invoke_workflow"}},
			{"key": "workflow.name", "value": {"stringValue": "refund"}}
		]
	}]}]
}]}`

// counted is what Prometheus gets of it.
var counted = regexp.MustCompile(`(?m)^workflow_runs_total\{.*service_name="theirs",workflow_name="refund",workflow_outcome="success"\} 1$`)
