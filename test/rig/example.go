package rig

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// Example is the example to start, as a program that sends runs. It is a plain value.
type Example struct {
	// Binary is what to run.
	Binary string
	// Dir is the folder for its log and its report.
	Dir string
	// To is where it sends spans: OTLP over HTTP.
	To Port
	// Rate is the number of runs that it starts per second.
	Rate float64
	// Duration is how long it does; 0 until it is interrupted.
	Duration time.Duration
	// Seed decides latencies and faults.
	Seed uint64
	// Flags are more of its flags.
	Flags []string
}

// Launch starts the example. It writes its report when it ends.
func (e Example) Launch() (*Child, error) {
	_ = os.Remove(e.report())
	return Launch(Command{
		Name: "the example",
		Log:  filepath.Join(e.Dir, "support-agent.log"),
		Env:  []string{"OTEL_EXPORTER_OTLP_ENDPOINT=" + e.To.URL(""), "OTEL_BSP_SCHEDULE_DELAY=500"},
		Args: append([]string{
			e.Binary, "-duration", e.Duration.String(), "-rate", strconv.FormatFloat(e.Rate, 'f', -1, 64),
			"-seed", strconv.FormatUint(e.Seed, 10), "-report", e.report(),
		}, e.Flags...),
	})
}

func (e Example) report() string { return filepath.Join(e.Dir, "report.json") }

// Report returns what an example that has ended says that it sent.
func (e Example) Report() (*Report, error) { return ReadReport(e.report()) }

// Report is what the example says that it sent; the example documents it.
type Report struct {
	// Workflow and Service are whose runs they are.
	Workflow string `json:"workflow"`
	Service  string `json:"service"`
	// ElapsedSeconds is from the start of the first run to the end of the last.
	ElapsedSeconds float64 `json:"elapsed_seconds"`
	// Runs is the number of runs by outcome.
	Runs map[string]int64 `json:"runs"`
	// RunSeconds are exact quantiles of the durations of runs.
	RunSeconds struct {
		P50 float64 `json:"p50"`
		P90 float64 `json:"p90"`
		P95 float64 `json:"p95"`
		P99 float64 `json:"p99"`
	} `json:"run_seconds"`
	// Steps are counted by name, kind and outcome.
	Steps []struct {
		Step    string `json:"step"`
		Kind    string `json:"kind"`
		Outcome string `json:"outcome"`
		Count   int64  `json:"count"`
	} `json:"steps"`
	// Calls are counted by what was called and the outcome.
	Calls []struct {
		Operation string `json:"operation"`
		Provider  string `json:"provider"`
		Model     string `json:"model"`
		Tool      string `json:"tool"`
		Outcome   string `json:"outcome"`
		Count     int64  `json:"count"`
	} `json:"calls"`
	// Tokens are counted by model and type.
	Tokens []struct {
		Provider string `json:"provider"`
		Model    string `json:"model"`
		Type     string `json:"type"`
		Count    int64  `json:"count"`
	} `json:"tokens"`
}

// ReadReport reads the report of an example that has ended.
func ReadReport(path string) (*Report, error) {
	body, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("the example left no report: %w", err)
	}
	r := &Report{}
	if err := json.Unmarshal(body, r); err != nil {
		return nil, fmt.Errorf("the report of the example, %s: %w", path, err)
	}
	return r, nil
}
