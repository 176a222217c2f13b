package workflow

import (
	"context"
	"fmt"
	"log/slog"

	"go.opentelemetry.io/otel/attribute"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// Route is one way that a Router may go.
type Route[I, O any] struct {
	// Name is what a Choice calls the route; the name of the step by default.
	Name string
	// Step is what runs.
	Step Step[I, O]
	// Tier is the cost tier of the route, as in small or large. Optional.
	Tier string
	// Default makes the route take what is chosen and does not exist, and what
	// could not be chosen. The first one counts.
	Default bool
}

// Choice is where a Router goes.
type Choice struct {
	// Route is the name of a route.
	Route string
	// Reason is why, in few and fixed words. Optional.
	Reason string
}

// The reasons for a default route.
const (
	reasonNoRoute  = "no such route"
	reasonNoChoice = "the choice failed"
)

// Router runs the route that a strategy chooses, and shows the choice, its
// reason, its tier and the candidates on its span. Without a default route, the
// error of the strategy ends it, and the name of no route is a *NoBranchError.
// Two routes of one name panic.
func Router[I, O any](name string, choose func(context.Context, I) (Choice, error), routes ...Route[I, O]) Step[I, O] {
	r := &router[I, O]{choose: choose, routes: make(map[string]Route[I, O], len(routes))}
	names := make([]string, 0, len(routes))
	for _, route := range routes {
		if route.Name == "" {
			route.Name = route.Step.Name()
		}
		route.Name = valid(route.Name)
		route.Tier = valid(route.Tier)
		if _, twice := r.routes[route.Name]; twice {
			panic(fmt.Sprintf("workflow: Router %s: two routes are called %s", name, route.Name))
		}
		r.routes[route.Name] = route
		names = append(names, route.Name)
		if route.Default && r.fallback == "" {
			r.fallback = route.Name
		}
	}
	r.node = newNode(name, semconv.StepKindRouter, attribute.StringSlice(semconv.WorkflowRouterCandidates, names))
	return r
}

type router[I, O any] struct {
	node     *node
	choose   func(context.Context, I) (Choice, error)
	routes   map[string]Route[I, O]
	fallback string // the default route, if any
}

func (r *router[I, O]) Name() string { return r.node.name }

func (r *router[I, O]) Run(ctx context.Context, in I) (O, error) {
	return observe(ctx, r.node, in, func(ctx context.Context) (out O, err error) {
		choice, err := guard(ctx, func(ctx context.Context) (Choice, error) { return r.choose(ctx, in) })
		if err != nil {
			tell(ctx, slog.LevelWarn, eventRouteFailed, privacyOf(ctx).log(err)...)
		}
		choice, err = r.resolve(choice, err)
		if err != nil {
			return out, err
		}
		route := r.routes[choice.Route]
		decide(ctx, attributes(choice, route.Tier)...)
		return route.Step.Run(ctx, in)
	})
}

// resolve turns a choice into that of a route that exists.
func (r *router[I, O]) resolve(choice Choice, err error) (Choice, error) {
	_, exists := r.routes[choice.Route]
	switch {
	case err == nil && exists:
		return choice, nil
	case r.fallback == "" && err != nil:
		return Choice{}, err
	case r.fallback == "":
		return Choice{}, &NoBranchError{Choice: choice.Route}
	case err != nil:
		return Choice{Route: r.fallback, Reason: reasonNoChoice}, nil
	default:
		return Choice{Route: r.fallback, Reason: reasonNoRoute}, nil
	}
}

func attributes(choice Choice, tier string) []attribute.KeyValue {
	attrs := []attribute.KeyValue{attribute.String(semconv.WorkflowRouterChoice, choice.Route)}
	if choice.Reason != "" {
		attrs = append(attrs, attribute.String(semconv.WorkflowRouterReason, brief(choice.Reason)))
	}
	if tier != "" {
		attrs = append(attrs, attribute.String(semconv.WorkflowRouterTier, tier))
	}
	return attrs
}
