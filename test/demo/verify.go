package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	dto "github.com/prometheus/client_model/go"

	"github.com/tta-dev/otelcol-workflow/test/rig"
)

// settledWithin is how long the last figures may take: a new series shows a 0
// first, so two flushes, one more for its quantiles, and time for a busy machine.
const settledWithin = 15 * time.Second

// verdict compares what was sent with what was counted.
type verdict struct {
	summary     []string // "412 of 412 runs", of each account
	differences []string // "runs error: sent 14, counted 13"
}

// verify compares every series, both ways.
func (r *report) verify(m metrics) verdict {
	var v verdict
	for _, a := range (*rig.Report)(r).Accounts() {
		counted := make(map[string]int64)
		m.each(a.Family, func(l labels, metric *dto.Metric) {
			if l["workflow_name"] == r.Workflow && l["service_name"] == r.Service {
				counted[l.pick(a.By)] += int64(value(metric))
			}
		})
		v.compare(a, counted)
	}
	v.compare(r.budget(m))
	return v
}

func (v *verdict) compare(a rig.Account, counted map[string]int64) {
	keys := maps.Clone(counted)
	maps.Copy(keys, a.Sent)
	var sent, got int64
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		sent += a.Sent[key]
		got += counted[key]
		if a.Sent[key] != counted[key] {
			v.differences = append(v.differences, fmt.Sprintf("%s %s: sent %d, counted %d", a.What, key, a.Sent[key], counted[key]))
		}
	}
	if !strings.Contains(a.What, "durations") { // as many as there are things that last
		v.summary = append(v.summary, fmt.Sprintf("%d of %d %s", got, sent, a.What))
	}
}

// err says in one line what differs.
func (v *verdict) err() error {
	switch n := len(v.differences); n {
	case 0:
		return nil
	case 1:
		return fmt.Errorf("the metrics are not what was sent: %s", v.differences[0])
	default:
		return fmt.Errorf("the metrics are not what was sent: %s, and %d more differences", v.differences[0], n-1)
	}
}

// settle scrapes until the metrics are what was sent, or it has taken too long.
func settle(ctx context.Context, url string, r *report) (m metrics, v verdict, err error) {
	ctx, cancel := context.WithTimeout(ctx, settledWithin)
	defer cancel()
	for {
		next, scrapeErr := scrape(ctx, url)
		if scrapeErr == nil {
			m, v, err = next, r.verify(next), nil
			// Quantiles come a flush after what they are of.
			if _, notYet := r.precision(next); len(v.differences) == 0 && notYet == nil {
				return m, v, nil
			}
		} else if m == nil {
			err = fmt.Errorf("no metrics: %w", scrapeErr)
		}
		select {
		case <-ctx.Done():
			return m, v, err
		case <-time.After(rig.Poll):
		}
	}
}
