package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// runFor runs the program in a bubble of its own time and returns its books.
func runFor(t *testing.T, cancelAfter time.Duration, args ...string) []series {
	t.Helper()
	t.Setenv("OTEL_TRACES_EXPORTER", "none")
	var out bytes.Buffer
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		if cancelAfter > 0 {
			time.AfterFunc(cancelAfter, cancel)
		}
		if err := run(ctx, args, &out, io.Discard); err != nil {
			t.Fatal(err)
		}
	})
	var all []series
	if err := json.Unmarshal(out.Bytes(), &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// total adds up the series of a metric that have a label.
func total(all []series, metric, label, value string) (n int) {
	for _, s := range all {
		if s.Metric == metric && (label == "" || s.Labels[label] == value) {
			n += s.Value
		}
	}
	return n
}

// Every run is in the books, and so are all kinds of steps and endings: what the
// program is for would be missing otherwise.
func TestBooksHaveEverything(t *testing.T) {
	all := runFor(t, 0, "-runs", "3000", "-workflows", "20", "-held", "2", "-hold", "3s")
	if n := total(all, "workflow_runs_total", "", ""); n != 3002 {
		t.Errorf("%d runs", n)
	}
	if n := total(all, "workflow_runs_total", "workflow_name", "held"); n != 2 {
		t.Errorf("%d runs were held", n)
	}
	for label, values := range map[string]string{
		"workflow_step_kind": "task sequential parallel map conditional switch router retry fallback timeout cache saga",
		"workflow_outcome":   "success error timeout cancelled skipped compensated",
		"error_type":         "busy refused endless timeout panic stuck circuit_open",
	} {
		for value := range strings.FieldsSeq(values) {
			if total(all, "workflow_steps_total", label, value) == 0 {
				t.Errorf("no step has %s=%s", label, value)
			}
		}
	}
	for value := range strings.FieldsSeq("retry fallback timeout compensation circuit_open") {
		if total(all, "workflow_recoveries_total", "workflow_recovery", value) == 0 {
			t.Errorf("there is no recovery by %s", value)
		}
	}
	for _, hit := range []string{"true", "false"} {
		if total(all, "workflow_cache_requests_total", "workflow_cache_hit", hit) == 0 {
			t.Errorf("no cache has hit=%s", hit)
		}
	}
	if total(all, "workflow_steps_total", "error_type", "unknown to this program") != 0 {
		t.Error("the program does not know its own errors")
	}
}

func TestInterruptEndsTheRuns(t *testing.T) {
	all := runFor(t, 1500*time.Millisecond, "-runs", "1000000", "-held", "4", "-hold", "1h")
	if n := total(all, "workflow_runs_total", "workflow_name", "held"); n != 4 {
		t.Errorf("%d runs were held", n)
	}
	if n := total(all, "workflow_runs_total", "workflow_outcome", "cancelled"); n < 4 {
		t.Errorf("%d runs were cancelled", n)
	}
}

func TestBadFlagsAreNamed(t *testing.T) {
	for args, want := range map[string]string{
		"-runs -1":     "-runs -1",
		"-held 1001":   "-held 1001",
		"-workflows 0": "-workflows 0",
		"-hold -1s":    "-hold -1s",
		"-hold soon":   "-hold",
		"now":          `"now"`,
	} {
		if _, err := parse(strings.Fields(args), io.Discard); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want it to say %s", args, err, want)
		}
	}
}
