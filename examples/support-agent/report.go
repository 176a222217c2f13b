package main

import (
	"cmp"
	"encoding/json"
	"io"
	"maps"
	"math"
	"os"
	"slices"
)

// report is what was sent, for a reader who wants to check the collector.
type report struct {
	Workflow string `json:"workflow"`
	Service  string `json:"service"`
	Seed     uint64 `json:"seed"`
	// ElapsedSeconds is from the start of the first run to the end of the last.
	ElapsedSeconds float64 `json:"elapsed_seconds"`
	// Runs is the number of runs by outcome.
	Runs map[string]int64 `json:"runs"`
	// RunSeconds describes the durations of all runs, exactly.
	RunSeconds summary       `json:"run_seconds"`
	Steps      []stepCount   `json:"steps"`
	Calls      []callCount   `json:"calls"`
	Tokens     []tokenCounts `json:"tokens"`
}

type stepCount struct {
	Step    string `json:"step"`
	Kind    string `json:"kind"`
	Outcome string `json:"outcome"`
	Count   int64  `json:"count"`
}

type callCount struct {
	Operation string `json:"operation"`
	Provider  string `json:"provider,omitempty"`
	Model     string `json:"model,omitempty"`
	Tool      string `json:"tool,omitempty"`
	Outcome   string `json:"outcome"`
	Count     int64  `json:"count"`
}

type tokenCounts struct {
	Provider string `json:"provider"`
	Model    string `json:"model"`
	Type     string `json:"type"`
	Count    int64  `json:"count"`
}

// summary is made of the values themselves: a quantile is the value at position
// ⌈q × n⌉ of them, counting from 1. All are 0 without values.
type summary struct {
	Min float64 `json:"min"`
	P50 float64 `json:"p50"`
	P90 float64 `json:"p90"`
	P95 float64 `json:"p95"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
}

// report returns what was counted so far.
func (l *ledger) report() report {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := report{
		ElapsedSeconds: l.last.Sub(l.first).Seconds(),
		Runs:           maps.Clone(l.runs),
		RunSeconds:     summarise(l.seconds),
	}
	for k, n := range l.steps {
		r.Steps = append(r.Steps, stepCount{k.name, k.kind, k.outcome, n})
	}
	for k, n := range l.calls {
		r.Calls = append(r.Calls, callCount{k.operation, k.provider, k.model, k.tool, k.outcome, n})
	}
	for k, n := range l.tokens {
		r.Tokens = append(r.Tokens, tokenCounts{k.provider, k.model, k.kind, n})
	}
	r.sort()
	return r
}

func (r *report) sort() {
	slices.SortFunc(r.Steps, func(a, b stepCount) int {
		return cmp.Or(cmp.Compare(a.Step, b.Step), cmp.Compare(a.Outcome, b.Outcome))
	})
	slices.SortFunc(r.Calls, func(a, b callCount) int {
		return cmp.Or(cmp.Compare(a.Operation, b.Operation), cmp.Compare(a.Model, b.Model),
			cmp.Compare(a.Tool, b.Tool), cmp.Compare(a.Outcome, b.Outcome))
	})
	slices.SortFunc(r.Tokens, func(a, b tokenCounts) int {
		return cmp.Or(cmp.Compare(a.Model, b.Model), cmp.Compare(a.Type, b.Type))
	})
}

// total is the number of runs.
func (r *report) total() (n int64) {
	for _, count := range r.Runs {
		n += count
	}
	return n
}

func summarise(values []float64) summary {
	if len(values) == 0 {
		return summary{}
	}
	sorted := slices.Sorted(slices.Values(values))
	at := func(q float64) float64 { return sorted[max(int(math.Ceil(q*float64(len(sorted)))), 1)-1] }
	return summary{Min: sorted[0], P50: at(0.5), P90: at(0.9), P95: at(0.95), P99: at(0.99), Max: sorted[len(sorted)-1]}
}

// openReport opens the file that the report goes to: stdout for "-", nowhere for "".
func openReport(path string, stdout io.Writer) (io.WriteCloser, error) {
	switch path {
	case "":
		return unclosed{io.Discard}, nil
	case "-":
		return unclosed{stdout}, nil
	}
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
}

// unclosed is a writer that stays open.
type unclosed struct{ io.Writer }

// Close does nothing.
func (unclosed) Close() error { return nil }

// write writes the report as JSON.
func (r *report) write(out io.Writer) error {
	body, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	_, err = out.Write(append(body, '\n'))
	return err
}
