package worker

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Worker does something at every interval until it is shut down. The zero value is ready to
// be started, once. Stop and Shutdown are safe without Start and for concurrent use, but not
// beside Start.
type Worker struct {
	cancel context.CancelFunc // nil before Start
	done   sync.WaitGroup
	once   sync.Once
}

// Start calls beat after every interval, never twice at a time. Its context ends with the
// worker. A beat that takes longer than the interval is followed by the next at once, and not
// by one for every tick that has passed.
func (w *Worker) Start(interval time.Duration, beat func(context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	w.cancel = cancel
	w.done.Go(func() {
		tick := time.NewTicker(interval)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				if ctx.Err() == nil { // both may be due, after a beat that took long
					beat(ctx)
				}
			}
		}
	})
}

// Stop ends the worker and returns when its last beat has.
func (w *Worker) Stop() {
	if w.cancel != nil {
		w.cancel()
	}
	w.done.Wait()
}

// Shutdown stops the worker, then does what is left to do, and returns the error of that. It
// returns when ctx is done at the latest, with an error that wraps the one of ctx; what is
// left goes on until it ends by itself. Only the first call does anything, others wait for it
// and return nil.
func (w *Worker) Shutdown(ctx context.Context, last func(context.Context) error) (err error) {
	w.once.Do(func() {
		ended := make(chan error, 1)
		go func() {
			w.Stop()
			ended <- last(ctx)
		}()
		select {
		case err = <-ended:
		case <-ctx.Done():
			err = fmt.Errorf("not all was done when the time to shut down was over: %w", ctx.Err())
		}
	})
	return err
}
