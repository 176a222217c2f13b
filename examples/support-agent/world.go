package main

import (
	"context"
	"time"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// searchLimit is what the agent gives its search. A search that hangs takes hangs.
const (
	searchLimit = 500 * time.Millisecond
	hangs       = 10 * time.Second
)

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
	c := startCall(ctx, call{operation: semconv.OperationExecuteTool, tool: name})
	took, err := w.mishap(t, at, w.dice.latency(t.Number, at, 60*time.Millisecond))
	return "what " + name + " knows", c.end(wait(c.ctx, took, err), usage{})
}

// embed turns the question into a vector.
func (w world) embed(ctx context.Context, t Ticket) error {
	c := startCall(ctx, call{operation: operationEmbeddings, model: embedding})
	err := pause(c.ctx, w.dice.latency(t.Number, placeEmbed, embedding.median))
	return c.end(err, w.dice.usage(t.Number, placeEmbed, embedding))
}

// chat asks a model.
func (w world) chat(ctx context.Context, t Ticket, at place, m model) (string, error) {
	c := startCall(ctx, call{operation: semconv.OperationChat, model: m})
	took, err := w.mishap(t, at, w.dice.latency(t.Number, at, m.median))
	return "what " + m.name + " says", c.end(wait(c.ctx, took, err), w.dice.usage(t.Number, at, m))
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
