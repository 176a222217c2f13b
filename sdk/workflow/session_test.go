package workflow_test

import (
	"context"
	"testing"

	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
)

// Runs of one session share a memory; those of another, or of a session of that
// name of another tenant, do not; nor can a name lead from one into the other.
func TestSessionScope(t *testing.T) {
	notes := workflow.NewMemory("notes", workflow.SessionScope, workflow.NewLRU[int](10, 0))
	enter := func(tenant, session string, f func(context.Context)) {
		within(t.Context(), t, f, workflow.Tenant(fixed(tenant)), workflow.Session(fixed(session)))
	}
	enter("a", "s", func(ctx context.Context) {
		if err := notes.Put(ctx, "k", 7); err != nil {
			t.Error(err)
		}
	})
	for _, tc := range []struct {
		tenant, session string
		sees            bool
	}{{"a", "s", true}, {"a", "t", false}, {"b", "s", false}, {"", "s", false}, {"", "1:a/s", false}} {
		enter(tc.tenant, tc.session, func(ctx context.Context) {
			if _, ok, err := notes.Get(ctx, "k"); ok != tc.sees || err != nil {
				t.Errorf("session %q of %q sees it: %t, %v", tc.session, tc.tenant, ok, err)
			}
		})
	}
	enter("a", "", func(ctx context.Context) {
		if err := notes.Put(ctx, "k", 7); err == nil {
			t.Error("there is a memory without a session")
		}
	})
}
