package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/tta-dev/otelcol-workflow/test/prometheusapi"
	"github.com/tta-dev/otelcol-workflow/test/rig"
)

// line says what the sink was told.
//
//	1m52s  firing    critical  AllRunsFailing  support  → pager
func (st *stack) line(e event) string {
	return fmt.Sprintf("%6s  %-8s  %-8s  %s  %s  → %s",
		st.since(e.at), e.alert.Status, e.alert.Labels["severity"], e.alert.name(), subject(e.alert.Labels), e.receiver)
}

// subject is what an alert is about.
func subject(labels map[string]string) string {
	var words []string
	for _, name := range []string{"workflow_name", "slo_name", "job", "instance"} {
		if labels[name] != "" {
			words = append(words, labels[name])
		}
	}
	return cmp.Or(strings.Join(words, " "), "-")
}

// conclude holds what Prometheus has counted against what was sent, and shows what fired.
func (st *stack) conclude(ctx context.Context, reports []*rig.Report, out rig.Screen) error {
	sent := runs(reports)
	counted, err := st.settle(ctx, sent)
	if err != nil {
		return err
	}
	out.Say("")
	out.Table(st.summary())
	out.Say("")
	if !maps.Equal(counted, sent) {
		return fmt.Errorf("the metrics are not what was sent: runs %s, counted %s", inWords(sent), inWords(counted))
	}
	out.Say("Prometheus counted all runs that were sent: %s", inWords(sent))
	return nil
}

// inWords is such as "3 error, 711 success".
func inWords(runs map[string]int64) string {
	words := make([]string, 0, len(runs))
	for _, outcome := range slices.Sorted(maps.Keys(runs)) {
		words = append(words, fmt.Sprintf("%d %s", runs[outcome], outcome))
	}
	return cmp.Or(strings.Join(words, ", "), "none")
}

// runs are those of all reports, by outcome.
func runs(reports []*rig.Report) map[string]int64 {
	sum := make(map[string]int64)
	for _, r := range reports {
		for outcome, n := range r.Runs {
			sum[outcome] += n
		}
	}
	return sum
}

// settledWithin is how long the last figures may take: a new series shows a 0 first,
// so two flushes, a scrape, and time for a busy machine.
const settledWithin = 40 * time.Second

// settle asks Prometheus for the runs by outcome until they are what was sent, or it
// has taken too long.
func (st *stack) settle(ctx context.Context, sent map[string]int64) (counted map[string]int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, settledWithin)
	defer cancel()
	for {
		samples, asked := prometheusapi.Query(ctx, st.settings.ports.prometheus.URL(""), "sum by (workflow_outcome) (workflow_runs_total)")
		if asked == nil {
			counted, err = make(map[string]int64), nil
			for _, s := range samples {
				counted[s.Labels["workflow_outcome"]] = int64(s.Value)
			}
		} else if counted == nil {
			err = asked
		}
		if maps.Equal(counted, sent) {
			return counted, nil
		}
		select {
		case <-ctx.Done():
			return counted, err
		case <-time.After(rig.Poll):
		}
	}
}

// summary is a row for each alert that fired.
func (st *stack) summary() [][]string {
	all := st.sink.all()
	if len(all) == 0 {
		return [][]string{{"no alert fired"}}
	}
	rows := [][]string{{"alert", "severity", "about", "fired", "resolved", "told to"}}
	for _, a := range all {
		resolved := "-"
		if !a.resolved.IsZero() {
			resolved = st.since(a.resolved)
		}
		slices.Sort(a.receivers)
		rows = append(rows, []string{a.name(), a.Labels["severity"], subject(a.Labels), st.since(a.fired), resolved, strings.Join(a.receivers, ", ")})
	}
	return rows
}
