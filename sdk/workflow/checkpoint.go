package workflow

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// maxCheckpoints is how many checkpoints of a run are kept: the first ones,
// since a loop would push out the way into it.
const maxCheckpoints = 64

// Reached is a checkpoint that a run has passed. It is a plain value.
type Reached struct {
	// Name is what the place is called.
	Name string
	// Step is the path of the step that lies around it, if any.
	Step string
	// At is when the run reached it.
	At time.Time
}

// checkpoints are those of one run. They are safe for concurrent use.
type checkpoints struct {
	mu   sync.Mutex
	list []Reached
}

// Checkpoint notes that the run of ctx has reached a place, for its span and its
// log. Keep the names few and fixed. Outside of a run it does nothing, nor
// does it after the first 64 of a run.
func Checkpoint(ctx context.Context, name string) {
	f := frameOf(ctx)
	if f == nil {
		return
	}
	c := Reached{Name: clip(name, maxID), Step: f.path(), At: time.Now()}
	if f.run.reached.add(c) {
		tell(ctx, slog.LevelInfo, eventCheckpoint, slog.String("checkpoint", c.Name))
	}
}

// Checkpoints returns what the run of ctx has reached so far, in order.
func Checkpoints(ctx context.Context) []Reached {
	f := frameOf(ctx)
	if f == nil {
		return nil
	}
	return f.run.reached.all()
}

func (c *checkpoints) add(at Reached) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.list) == maxCheckpoints {
		return false
	}
	c.list = append(c.list, at)
	return true
}

func (c *checkpoints) all() []Reached {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Reached(nil), c.list...)
}

// attribute returns the names in order, or nothing.
func (c *checkpoints) attribute() []attribute.KeyValue {
	all := c.all()
	if len(all) == 0 {
		return nil
	}
	names := make([]string, len(all))
	for i := range all {
		names[i] = all[i].Name
	}
	return []attribute.KeyValue{attribute.StringSlice(semconv.WorkflowCheckpoints, names)}
}
