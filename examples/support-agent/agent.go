package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
)

// Ticket is what a customer asks.
type Ticket struct {
	// Number makes the ticket unique and decides what happens to it.
	Number int
	// Question is its text; a ticket without one is refused.
	Question string
}

// Finding is what one source knows about a ticket.
type Finding struct {
	Ticket Ticket
	Text   string
}

// agent answers tickets. It is safe for concurrent use.
type agent struct {
	world world
}

// newSupport writes the workflow down.
func newSupport(w world, opts ...workflow.Option) *workflow.Workflow[Ticket, string] {
	a := agent{world: w}
	return workflow.New("support", workflow.Then3(
		workflow.Func("validate", a.validate),
		workflow.Parallel("gather",
			workflow.Func("search", a.search),
			workflow.Func("history", a.history),
			workflow.Func("policy", a.policy)),
		workflow.Func("answer", a.answer),
	), append(opts, workflow.Version("1.0.0"))...)
}

func (a agent) validate(ctx context.Context, t Ticket) (Ticket, error) {
	if err := a.world.work(ctx, t, placeValidate); err != nil {
		return t, err
	}
	if strings.TrimSpace(t.Question) == "" {
		return t, fault("empty_ticket")
	}
	return t, nil
}

func (a agent) search(ctx context.Context, t Ticket) (Finding, error) {
	ctx, cancel := context.WithTimeout(ctx, searchLimit)
	defer cancel()
	if err := a.world.embed(ctx, t); err != nil {
		return Finding{}, fmt.Errorf("understand the question: %w", err)
	}
	text, err := a.world.tool(ctx, t, placeSearch, "search_docs")
	return Finding{t, text}, err
}

func (a agent) history(ctx context.Context, t Ticket) (Finding, error) {
	text, err := a.world.tool(ctx, t, placeHistory, "lookup_orders")
	return Finding{t, text}, err
}

func (a agent) policy(ctx context.Context, t Ticket) (Finding, error) {
	text, err := a.world.chat(ctx, t, placePolicy, small)
	return Finding{t, text}, err
}

func (a agent) answer(ctx context.Context, all []Finding) (string, error) {
	return a.world.chat(ctx, all[0].Ticket, placeAnswer, large)
}
