package workflowmetrics

import (
	"context"
	"errors"

	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/otel/metric"

	"github.com/tta-dev/otelcol-workflow/internal/tally"
)

// maxKept is how many intervals are kept for a component that refuses them.
const maxKept = 16

// outbox sends metrics on. Delta points that are refused are kept and sent again before the
// next ones, since nothing else tells what they tell; cumulative ones are told again anyway.
// Not safe for concurrent use.
type outbox struct {
	next        consumer.Metrics
	temporality tally.Temporality
	lost        metric.Int64Counter // data points given up
	kept        []pmetric.Metrics   // in order of time
}

// send sends what has been kept and then md.
func (o *outbox) send(ctx context.Context, md pmetric.Metrics) error {
	if md.DataPointCount() > 0 {
		o.kept = append(o.kept, md)
	}
	var errs error
	for len(o.kept) > 0 {
		err := o.next.ConsumeMetrics(ctx, o.kept[0])
		if err != nil {
			errs = errors.Join(errs, err)
			if !o.giveUp(ctx, err) {
				return errs
			}
			continue
		}
		o.drop()
	}
	return errs
}

// giveUp drops the oldest interval if sending it again is of no use or there is no room, and
// reports whether the next one may be tried.
func (o *outbox) giveUp(ctx context.Context, err error) bool {
	switch {
	case o.temporality == tally.Cumulative:
		o.drop()
		return true
	case consumererror.IsPermanent(err), len(o.kept) > maxKept:
		o.lost.Add(ctx, int64(o.kept[0].DataPointCount()))
		o.drop()
		return consumererror.IsPermanent(err)
	}
	return false
}

func (o *outbox) drop() {
	o.kept[0] = pmetric.Metrics{}
	o.kept = o.kept[1:]
}
