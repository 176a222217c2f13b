package workflow_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"go.opentelemetry.io/otel/attribute"

	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
)

// A run in a run is caused by it, works for the same and has an id of its own.
func TestNestedRunInherits(t *testing.T) {
	var inner workflow.Info
	outer := within(t.Context(), t, func(ctx context.Context) {
		inner = within(ctx, t, func(context.Context) {})
	},
		workflow.Session(fixed("s")), workflow.User(fixed("u")), workflow.Tenant(fixed("acme")), workflow.CorrelationID(fixed("c")),
		workflow.Tags(func(context.Context) map[string]string { return map[string]string{"region": "eu"} }))
	if inner.RunID == outer.RunID || inner.CausationID != outer.RunID || outer.CausationID != "" {
		t.Errorf("outer %+v\ninner %+v", outer, inner)
	}
	if inner.Session != "s" || inner.User != "u" || inner.Tenant != "acme" || inner.CorrelationID != "c" || len(inner.Tags) != 1 {
		t.Errorf("inner %+v", inner)
	}
	if outer.Step != "step" || outer.StepPath != "step" {
		t.Errorf("the place is %q at %q", outer.Step, outer.StepPath)
	}
}

// Every span bears the tags, so they are few, short, in one order and valid.
func TestTagsAreBounded(t *testing.T) {
	tags := map[string]string{"": "none", strings.Repeat("a", 100): strings.Repeat("v", 1000), "b\xff": "\xff"}
	for i := range 20 {
		tags[fmt.Sprintf("c%02d", i)] = "x"
	}
	info := within(t.Context(), t, func(context.Context) {}, workflow.Tags(func(context.Context) map[string]string { return tags }))
	if len(info.Tags) != 8 {
		t.Fatalf("%d tags", len(info.Tags))
	}
	want := []attribute.KeyValue{
		attribute.String("workflow.tag."+strings.Repeat("a", 64), strings.Repeat("v", 256)),
		attribute.String("workflow.tag.b\uFFFD", "\uFFFD"),
		attribute.String("workflow.tag.c00", "x"),
	}
	for i, w := range want {
		if info.Tags[i] != w {
			t.Errorf("got %v, want %v", info.Tags[i], w)
		}
	}
}

func TestIdsAreShortAndValid(t *testing.T) {
	huge := fixed(strings.Repeat("x", 1000) + "\xff")
	info := within(t.Context(), t, func(context.Context) {}, workflow.Session(huge), workflow.User(huge),
		workflow.Tenant(huge), workflow.CorrelationID(huge), workflow.CausationID(fixed("a\xff")))
	for _, text := range []string{info.Session, info.User, info.Tenant, info.CorrelationID} {
		if len(text) != 256 {
			t.Errorf("%d bytes", len(text))
		}
	}
	if !utf8.ValidString(info.CausationID) {
		t.Errorf("causation id %q", info.CausationID)
	}
}

// The first 64 checkpoints of a run are kept, from whatever goroutine.
func TestCheckpoints(t *testing.T) {
	if workflow.Checkpoint(t.Context(), "nowhere"); workflow.Checkpoints(t.Context()) != nil {
		t.Error("there is a run")
	}
	within(t.Context(), t, func(ctx context.Context) {
		workflow.Checkpoint(ctx, "loaded\xff")
		var wg sync.WaitGroup
		for range 100 {
			wg.Go(func() { workflow.Checkpoint(ctx, "loop") })
		}
		wg.Wait()
		all := workflow.Checkpoints(ctx)
		if len(all) != 64 || all[0].Name != "loaded\uFFFD" || all[0].Step != "step" || all[0].At.IsZero() || all[63].Name != "loop" {
			t.Errorf("%d checkpoints, first %+v", len(all), all[0])
		}
		within(ctx, t, func(ctx context.Context) {
			if n := len(workflow.Checkpoints(ctx)); n != 0 {
				t.Errorf("a nested run has %d of another's", n)
			}
		})
	})
}

func ExampleCheckpoint() {
	load := workflow.Func("load", func(ctx context.Context, _ string) (string, error) {
		workflow.Checkpoint(ctx, "loaded")
		for _, c := range workflow.Checkpoints(ctx) {
			fmt.Println(c.Name, "in", c.Step)
		}
		return "", nil
	})
	_, _ = workflow.New("import", load).Run(context.Background(), "")
	// Output: loaded in load
}
