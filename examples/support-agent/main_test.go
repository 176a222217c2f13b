package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// runFor runs the program in a bubble of its own time and returns its report.
func runFor(t *testing.T, cancelAfter time.Duration, args ...string) report {
	t.Helper()
	t.Setenv("OTEL_TRACES_EXPORTER", "none")
	path := filepath.Join(t.TempDir(), "report.json")
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		if cancelAfter > 0 {
			time.AfterFunc(cancelAfter, cancel)
		}
		if err := run(ctx, append(args, "-report", path), io.Discard, io.Discard); err != nil {
			t.Fatal(err)
		}
	})
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var r report
	if err := json.Unmarshal(body, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// What the dice say must come out, and nothing else may: a step that is run
// twice, or a fault in the wrong place, changes a count.
func TestReportCountsWhatTheDiceSay(t *testing.T) {
	r := runFor(t, 0, "-rate", "50", "-duration", "20s", "-fault-rate", "0.3", "-seed", "7")
	d := dice{seed: 7, faultRate: 0.3}
	byPlace := make(map[place]int64)
	for n := range 1000 {
		byPlace[d.fate(n)]++
	}
	for outcome, want := range map[string]int64{
		"success": byPlace[placeNone],
		"timeout": byPlace[placeSearch],
		"error":   byPlace[placeValidate] + byPlace[placeHistory] + byPlace[placePolicy] + byPlace[placeAnswer],
	} {
		if r.Runs[outcome] != want || want == 0 {
			t.Errorf("%d runs ended in %s, want %d", r.Runs[outcome], outcome, want)
		}
	}
	steps := make(map[string]int64)
	for _, s := range r.Steps {
		steps[s.Step] += s.Count
	}
	gathered := 1000 - byPlace[placeValidate]
	for step, want := range map[string]int64{
		"validate": 1000, "gather": gathered, "search": gathered, "history": gathered, "policy": gathered,
		"answer": byPlace[placeNone] + byPlace[placeAnswer],
	} {
		if steps[step] != want {
			t.Errorf("step %s ran %d times, want %d", step, steps[step], want)
		}
	}
	if r.total() != 1000 || r.Workflow != "support" || r.Service != "support-agent" || r.Seed != 7 {
		t.Errorf("report %+v", r)
	}
}

// Calls that ended well are one per step, and tokens are theirs alone.
func TestReportCountsCallsAndTokens(t *testing.T) {
	r := runFor(t, 0, "-rate", "10", "-duration", "5s", "-fault-rate", "0")
	want := make(map[tokenKey]int64)
	d := dice{seed: 1}
	for n := range 50 {
		for p, m := range map[place]model{placeEmbed: embedding, placePolicy: small, placeAnswer: large} {
			u := d.usage(n, p, m)
			want[tokenKey{m.provider, m.name, "input"}] += u.Input
			want[tokenKey{m.provider, m.name, "output"}] += u.Output
			want[tokenKey{m.provider, m.name, "cache_read"}] += u.CacheRead
		}
	}
	for _, got := range r.Tokens {
		key := tokenKey{got.Provider, got.Model, got.Type}
		if got.Count != want[key] {
			t.Errorf("%v: %d tokens, want %d", key, got.Count, want[key])
		}
		delete(want, key)
	}
	for key, n := range want {
		if n != 0 {
			t.Errorf("%v: %d tokens are missing", key, n)
		}
	}
	for _, c := range r.Calls {
		if c.Outcome != "success" || c.Count != 50 {
			t.Errorf("call %+v, want 50 in success", c)
		}
	}
	if len(r.Calls) != 5 {
		t.Errorf("%d kinds of calls, want 5", len(r.Calls))
	}
}

func TestSameSeedSameReport(t *testing.T) {
	args := []string{"-rate", "20", "-duration", "10s", "-fault-rate", "0.2", "-seed"}
	var texts []string
	for _, seed := range []string{"3", "3", "4"} {
		var buf bytes.Buffer
		r := runFor(t, 0, append(args, seed)...)
		if err := r.write(&buf); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, buf.String())
	}
	if texts[0] != texts[1] {
		t.Errorf("the same seed gave\n%sand\n%s", texts[0], texts[1])
	}
	if texts[0] == texts[2] {
		t.Error("another seed gave the same")
	}
}

func TestInterruptEndsRunsAndReports(t *testing.T) {
	r := runFor(t, 1010*time.Millisecond, "-rate", "100", "-duration", "0", "-fault-rate", "0")
	if r.total() != 102 {
		t.Errorf("%d runs, want one every 10 ms from 0 to 1.01 s", r.total())
	}
	if r.Runs["cancelled"] == 0 || r.Runs["success"] == 0 || len(r.Runs) != 2 {
		t.Errorf("runs ended as %v", r.Runs)
	}
}

func TestBadFlagsAreNamed(t *testing.T) {
	for _, tc := range []struct{ args, want string }{
		{"-rate 0", "-rate 0"},
		{"-rate NaN", "-rate NaN"},
		{"-rate 1e9", "at most 10000"},
		{"-duration -1s", "-duration -1s"},
		{"-duration soon", "-duration soon: use 0 or more, such as 30s or 30"},
		{"-duration NaN", "-duration NaN"},
		{"-duration 1e300", "-duration 1e300"},
		{"-fault-rate 5", "from 0 to 1"},
		{"-seed x", "-seed"},
		{"now", `"now"`},
	} {
		if _, err := parse(strings.Fields(tc.args), io.Discard); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want it to say %s", tc.args, err, tc.want)
		}
	}
	if _, err := parse([]string{"-help"}, io.Discard); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("-help: %v", err)
	}
}

func TestBadEnvironmentEndsTheProgram(t *testing.T) {
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4318")
	if err := run(t.Context(), nil, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), "http://localhost:4318") {
		t.Errorf("run returned %v", err)
	}
}

func TestDurationInSeconds(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"5": 5 * time.Second, "2.5": 2500 * time.Millisecond, "1e2": 100 * time.Second, "0": 0, "1m": time.Minute,
	} {
		s, err := parse([]string{"-duration", text}, io.Discard)
		if err != nil || s.duration != want {
			t.Errorf("-duration %s: %v, %v, want %v", text, s.duration, err, want)
		}
	}
}

// Without an end the program would run until it is told to stop, and the test with it.
func TestReportThatCannotBeWrittenEndsTheProgramFirst(t *testing.T) {
	t.Setenv("OTEL_TRACES_EXPORTER", "none")
	path := filepath.Join(t.TempDir(), "no", "report.json")
	err := run(t.Context(), []string{"-duration", "0", "-report", path}, io.Discard, io.Discard)
	if err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("run returned %v, want it to name %s", err, path)
	}
}
