package main

import (
	"context"
	"time"

	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
)

// searchLimit is what the agent gives its search. A search that hangs takes hangs.
const (
	searchLimit = 500 * time.Millisecond
	hangs       = 10 * time.Second
)

// model is a simulated model.
type model struct {
	provider string
	name     string
	median   time.Duration // of its answers
	input    int64         // median tokens of a question
	output   int64         // median tokens of an answer; 0 for embeddings
	cached   int64         // tokens of a question that the provider may have cached
}

// The models of the agent.
var (
	embedding = model{provider: "openai", name: "text-embedding-3-small", median: 15 * time.Millisecond, input: 40}
	small     = model{provider: "openai", name: "gpt-4o-mini", median: 90 * time.Millisecond, input: 400, output: 40}
	large     = model{provider: "anthropic", name: "claude-sonnet-4-5", median: 250 * time.Millisecond, input: 1800, output: 220, cached: 1024}
)

// world is the simulated outside of the agent: models, tools and their faults.
// It is a plain value.
type world struct {
	dice dice
}

// work is a piece of the agent's own work.
func (w world) work(ctx context.Context, t Ticket, at place) error {
	return pause(ctx, w.dice.latency(t.Number, at, 3*time.Millisecond))
}

// tool runs a tool.
func (w world) tool(ctx context.Context, t Ticket, at place, name string) (string, error) {
	return workflow.Tool(ctx, name, func(ctx context.Context, _ *workflow.Call) (string, error) {
		took, err := w.mishap(t, at, w.dice.latency(t.Number, at, 60*time.Millisecond))
		return "what " + name + " knows", wait(ctx, took, err)
	})
}

// embed turns the question into a vector.
func (w world) embed(ctx context.Context, t Ticket) error {
	m := embedding
	_, err := workflow.Embed(ctx, m.provider, m.name, func(ctx context.Context, c *workflow.Call) (struct{}, error) {
		return struct{}{}, w.serve(ctx, c, t, placeEmbed, m)
	})
	return err
}

// chat asks a model.
func (w world) chat(ctx context.Context, t Ticket, at place, m model) (string, error) {
	return workflow.LLM(ctx, m.provider, m.name, func(ctx context.Context, c *workflow.Call) (string, error) {
		return "what " + m.name + " says", w.serve(ctx, c, t, at, m)
	})
}

// serve is a model at work. A call that fails uses no tokens.
func (w world) serve(ctx context.Context, c *workflow.Call, t Ticket, at place, m model) error {
	took, err := w.mishap(t, at, w.dice.latency(t.Number, at, m.median))
	if err := wait(ctx, took, err); err != nil {
		return err
	}
	c.Answered(m.name, "")
	c.Usage(w.dice.usage(t.Number, at, m))
	return nil
}

// mishap returns how a call ends that would have taken so long.
func (w world) mishap(t Ticket, at place, took time.Duration) (time.Duration, error) {
	if w.dice.fate(t.Number) != at {
		return took, nil
	}
	switch at {
	case placeSearch:
		return hangs, nil // until the agent has waited long enough
	case placeHistory:
		return took, fault("unavailable")
	case placePolicy:
		return took / 4, fault("rate_limited")
	default:
		return took, fault("overloaded")
	}
}

// wait takes its time and then returns err.
func wait(ctx context.Context, d time.Duration, err error) error {
	if interrupted := pause(ctx, d); interrupted != nil {
		return interrupted
	}
	return err
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// fault is an error that names its own class.
type fault string

// Error says what went wrong.
func (f fault) Error() string { return "simulated: " + string(f) }

// ErrorType returns the class, as in error.type.
func (f fault) ErrorType() string { return string(f) }
