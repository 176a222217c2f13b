package flight

import "sync"

// maxWrappers is how many runs around detached calls are remembered.
const maxWrappers = 256

// wrappers are the latest runs whose calls may have spans in traces of their own: a
// process that does not carry the context along makes two traces of one call.
//
//	trace 1:  ai.generateText             12.00 s … 13.78 s   the run
//	trace 2:  ai.generateText.doGenerate  12.01 s … 13.77 s   its call, no run
//
// Safe for concurrent use.
type wrappers struct {
	mu   sync.Mutex
	ring []Run
	next int
}

func (w *wrappers) add(workflow string, run *Run) {
	w.mu.Lock()
	defer w.mu.Unlock()
	entry := Run{Workflow: workflow, Start: run.Start, End: run.End}
	if len(w.ring) < maxWrappers {
		w.ring = append(w.ring, entry)
		return
	}
	w.ring[w.next] = entry
	w.next = (w.next + 1) % maxWrappers
}

// contain says whether one of the runs is of the same workflow and lies around.
func (w *wrappers) contain(call *Run) bool {
	if !call.Detached {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.ring {
		if w.ring[i].Workflow == call.Workflow && w.ring[i].contains(call) {
			return true
		}
	}
	return false
}
