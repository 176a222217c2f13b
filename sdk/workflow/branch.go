package workflow

import (
	"context"
	"fmt"

	"go.opentelemetry.io/otel/attribute"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// The values of workflow.branch.name that are not the name of a case.
const (
	branchThen    = "then"
	branchElse    = "else"
	branchDefault = "default"
)

// If runs one of two steps, as the condition says. An error of the condition
// ends it.
func If[I, O any](name string, condition func(context.Context, I) (bool, error), then, otherwise Step[I, O]) Step[I, O] {
	return &conditional[I, O]{
		node:      newNode(name, semconv.StepKindConditional),
		condition: condition,
		then:      then,
		otherwise: otherwise,
	}
}

type conditional[I, O any] struct {
	node      *node
	condition func(context.Context, I) (bool, error)
	then      Step[I, O]
	otherwise Step[I, O]
}

func (c *conditional[I, O]) Name() string { return c.node.name }

func (c *conditional[I, O]) Run(ctx context.Context, in I) (O, error) {
	return observe(ctx, c.node, in, func(ctx context.Context) (out O, err error) {
		met, err := c.condition(ctx, in)
		if err != nil {
			return out, err
		}
		name, branch := branchElse, c.otherwise
		if met {
			name, branch = branchThen, c.then
		}
		decide(ctx, attribute.String(semconv.WorkflowBranchName, name))
		return branch.Run(ctx, in)
	})
}

// When runs a step if the condition is met. Else it returns its input, and its
// outcome is skipped.
func When[T any](name string, condition func(context.Context, T) (bool, error), then Step[T, T]) Step[T, T] {
	return If(name, condition, then, Step[T, T](skip[T]{}))
}

// skip does nothing in the place of a step, and marks that step as skipped.
type skip[T any] struct{}

func (skip[T]) Name() string { return semconv.OutcomeSkipped }

func (skip[T]) Run(ctx context.Context, in T) (T, error) {
	settle(ctx, semconv.OutcomeSkipped)
	return in, nil
}

// Switch runs the step that belongs to what the selector returns, otherwise the
// last one; when that is nil, a value without a case is a *NoBranchError. An
// error of the selector ends it. The cases are read once, now.
func Switch[I any, K comparable, O any](
	name string, selector func(context.Context, I) (K, error), cases map[K]Step[I, O], otherwise Step[I, O],
) Step[I, O] {
	s := &choice[I, K, O]{
		node:      newNode(name, semconv.StepKindSwitch),
		selector:  selector,
		cases:     make(map[K]branch[I, O], len(cases)),
		otherwise: branch[I, O]{name: branchDefault, step: otherwise},
	}
	for key, step := range cases {
		s.cases[key] = branch[I, O]{name: valid(fmt.Sprint(key)), step: step}
	}
	return s
}

type choice[I any, K comparable, O any] struct {
	node      *node
	selector  func(context.Context, I) (K, error)
	cases     map[K]branch[I, O]
	otherwise branch[I, O]
}

type branch[I, O any] struct {
	name string
	step Step[I, O]
}

func (s *choice[I, K, O]) Name() string { return s.node.name }

func (s *choice[I, K, O]) Run(ctx context.Context, in I) (O, error) {
	return observe(ctx, s.node, in, func(ctx context.Context) (out O, err error) {
		key, err := s.selector(ctx, in)
		if err != nil {
			return out, err
		}
		taken, ok := s.cases[key]
		if !ok {
			taken = s.otherwise
		}
		if taken.step == nil {
			return out, &NoBranchError{Choice: fmt.Sprint(key)}
		}
		decide(ctx, attribute.String(semconv.WorkflowBranchName, taken.name))
		return taken.step.Run(ctx, in)
	})
}

// NoBranchError says that a Switch has no case, or a Router no route, for what
// was chosen.
type NoBranchError struct {
	// Choice is what was chosen.
	Choice string
}

// Error shows the choice.
func (e *NoBranchError) Error() string { return fmt.Sprintf("no branch for %q", e.Choice) }

// ErrorType returns "no_branch".
func (*NoBranchError) ErrorType() string { return semconv.ErrorTypeNoBranch }
