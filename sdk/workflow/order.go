package workflow

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/tta-dev/otelcol-workflow/sdk/recording"
)

// order is the order in which the steps of a recorded run ended, and how far a
// replay of it is:
//
//	ended then   a/x   a/y   b (failed)   a
//	by now       yes   no    asked                b waits for a/y
//
// Without that b, which needs no time any more, would fail while a has hardly
// begun. It is safe for concurrent use.
type order struct {
	position map[spot]int
	inside   map[place][]int // positions of what lies in a step

	mu    sync.Mutex    // guards what follows
	over  []bool        // by position
	front int           // of the first that is not over
	moved chan struct{} // closed when front moves
}

// newOrder takes steps in the order of their ends. What lies in a step that is
// answered as a whole will never run, and is not waited for.
func newOrder(steps []recording.Step, answered func(*recording.Step) bool) *order {
	o := &order{
		position: make(map[spot]int, len(steps)), inside: make(map[place][]int), over: make([]bool, len(steps)), moved: make(chan struct{}),
	}
	whole := make(map[place]bool)
	for i := range steps {
		o.position[spotOf(&steps[i])] = i
		if answered(&steps[i]) {
			whole[spotOf(&steps[i]).place] = true
		}
	}
	for i := range steps {
		for at := spotOf(&steps[i]).up(); at.path != ""; at = at.up() {
			o.over[i] = o.over[i] || whole[at]
			o.inside[at] = append(o.inside[at], i)
		}
	}
	o.advance()
	return o
}

// up returns the place of the step around.
func (p place) up() place {
	path, lane := p.path[:max(0, strings.LastIndexByte(p.path, '/'))], p.lane[:max(0, strings.LastIndexByte(p.lane, '.'))]
	before, _, _ := strings.Cut(lane[strings.LastIndexByte(lane, '.')+1:], "#")
	return place{path, lane[:strings.LastIndexByte(lane, '.')+1] + before}
}

// end says that a step has ended, and so has all in it that ever started.
func (o *order) end(at spot) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if i, ok := o.position[at]; ok {
		o.over[i] = true
	}
	for _, i := range o.inside[at.place] {
		o.over[i] = true
	}
	o.advance()
}

func (o *order) advance() {
	before := o.front
	for o.front < len(o.over) && o.over[o.front] {
		o.front++
	}
	if o.front > before {
		close(o.moved)
		o.moved = make(chan struct{})
	}
}

// await returns when all that ended before the step has ended, when ctx is done
// or when patience is at its end.
func (o *order) await(ctx context.Context, at spot, patience time.Duration) {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	for {
		moved, come := o.turn(at)
		if come {
			return
		}
		select {
		case <-moved:
		case <-timer.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

func (o *order) turn(at spot) (moved chan struct{}, come bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.moved, o.front >= o.position[at]
}
