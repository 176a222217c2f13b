package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
)

// maxInFlight bounds the runs at once, whatever the rate.
const maxInFlight = 2000

// load starts runs at a steady rate, whether or not earlier ones have ended.
type load struct {
	workflow *workflow.Workflow[Ticket, string]
	dice     dice
	rate     float64       // runs per second
	duration time.Duration // 0: until the context ends
}

// run returns when the last run has ended. When ctx ends, so do the runs.
func (l load) run(ctx context.Context) {
	var wg sync.WaitGroup
	defer wg.Wait()
	slots := make(chan struct{}, maxInFlight)
	start := time.Now()
	for n := 0; ; n++ {
		due := time.Duration(float64(n) / l.rate * float64(time.Second))
		if l.duration > 0 && due >= l.duration {
			return
		}
		if pause(ctx, time.Until(start.Add(due))) != nil {
			return
		}
		if l.dice.trouble.meets(kindStop, n) {
			continue
		}
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			// How it ended is on the span, and so in the report.
			_, _ = l.workflow.Run(ctx, l.ticket(n))
		})
	}
}

func (l load) ticket(n int) Ticket {
	t := Ticket{Number: n, Question: fmt.Sprintf("where is order %d?", n)}
	if l.dice.fate(n) == placeValidate {
		t.Question = " "
	}
	return t
}
