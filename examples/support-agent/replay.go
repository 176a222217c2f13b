package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/tta-dev/otelcol-workflow/sdk/recording"
	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
)

// blackBox has the runs that failed. It is written by the workflow, one run at a
// time, and read when all have ended.
type blackBox struct {
	file bytes.Buffer
}

// options make a workflow record what fails.
func (b *blackBox) options() []workflow.Option {
	failed := func(_ workflow.Info, err error) bool { return err != nil }
	return []workflow.Option{workflow.Record(&b.file, workflow.KeepIf(failed))}
}

// replay runs all of them again: no model is asked, no tool is run, and they fail
// as they did. It returns how many there were.
func (b *blackBox) replay(ctx context.Context, w *workflow.Workflow[Ticket, string]) (int, error) {
	runs, err := recording.Read(&b.file)
	if err != nil {
		return 0, err
	}
	for _, run := range runs {
		_, err := workflow.Replay(ctx, w, run, workflow.Verify())
		if diff, ok := errors.AsType[*workflow.DifferenceError](err); ok {
			return 0, fmt.Errorf("replay of run %s: %w", run.ID, diff)
		}
	}
	return len(runs), nil
}
