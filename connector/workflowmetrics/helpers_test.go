package workflowmetrics

import (
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"
)

type metricPoint = metricdata.DataPoint[int64]

func ignoreTimestamp() metricdatatest.Option { return metricdatatest.IgnoreTimestamp() }
