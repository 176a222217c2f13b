package costprocessor

import (
	"context"
	"errors"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.uber.org/zap"

	"github.com/tta-dev/otelcol-workflow/internal/journal"
	"github.com/tta-dev/otelcol-workflow/internal/shelf"
	"github.com/tta-dev/otelcol-workflow/internal/wire"
	"github.com/tta-dev/otelcol-workflow/internal/worker"
)

// keepEvery is how much spending a process that is killed loses at most.
const keepEvery = 5 * time.Second

// keeper keeps over a restart what is spent of the budgets over time. It is not safe for
// concurrent use: after start only its own goroutine uses it, until end.
type keeper struct {
	ledgers []*ledger
	log     *zap.Logger
	tel     *telemetry

	shelf   *shelf.Shelf // nil if there is nothing to keep, or no place for it
	journal *journal.Journal
	due     bool // what is kept is not what was spent
	failing bool // to keep it, which has been said
	worker  worker.Worker
}

// start brings back what an earlier process kept, and begins to keep it. A storage extension
// that is not there is an error; one that does not work, or holds something else, is not.
func (k *keeper) start(ctx context.Context, host component.Host, storage *component.ID, id component.ID) error {
	if storage == nil {
		return nil
	}
	extension, err := shelf.Find(host, *storage)
	if err != nil || len(k.ledgers) == 0 {
		return err
	}
	if k.shelf, err = shelf.Open(ctx, extension, id); err != nil {
		k.tel.storageFailed(ctx, operationOpen)
		k.log.Error("the storage cannot be opened: what is spent of budgets is lost at restart", zap.Error(err))
		return nil
	}
	k.recall(ctx, time.Now())
	k.worker.Start(keepEvery, func(ctx context.Context) {
		_ = k.keep(ctx) // has been told
	})
	return nil
}

// recall brings back what was kept, all of it or nothing.
func (k *keeper) recall(ctx context.Context, now time.Time) {
	var kept *journal.Recovery
	k.journal, kept = journal.Open(ctx, k.shelf, uint64(now.UnixNano()))
	faults := kept.Faults
	var statements []statement
	for _, part := range kept.Parts {
		read, err := readRecord(part)
		if err != nil {
			faults = append(faults, err)
		}
		statements = append(statements, read...)
	}
	if err := errors.Join(faults...); err != nil {
		k.due = true
		k.tel.storageFailed(ctx, operationRead)
		k.log.Error("what was spent of budgets cannot be read: they begin anew", zap.Error(err))
		return
	}
	k.resume(statements, now)
}

func (k *keeper) resume(statements []statement, now time.Time) {
	ledgers := make(map[string]*ledger, len(k.ledgers))
	for _, l := range k.ledgers {
		ledgers[l.identity()] = l
	}
	strange, left := 0, 0
	for i := range statements {
		if l := ledgers[statements[i].identity]; l != nil {
			left += l.resume(&statements[i], now)
		} else {
			strange++
		}
	}
	if strange > 0 {
		k.log.Info("what was spent of budgets that are no more, or were changed, is dropped", zap.Int("budgets", strange))
	}
	if left > 0 {
		k.log.Warn("what was spent is dropped where limits.budget_accounts leaves no room for it", zap.Int("accounts", left))
	}
}

// keep writes what is spent, if it is not what is kept.
func (k *keeper) keep(ctx context.Context) error {
	for _, l := range k.ledgers {
		k.due = l.hasMoved() || k.due
	}
	if !k.due {
		return nil
	}
	if err := k.journal.Replace(ctx, [][]byte{k.record(time.Now())}); err != nil {
		k.tel.storageFailed(ctx, operationWrite)
		if !k.failing {
			k.log.Error("what is spent of budgets cannot be kept: it is lost if the collector ends before it can", zap.Error(err))
		}
		k.failing = true
		return err
	}
	k.due, k.failing = false, false
	return nil
}

func (k *keeper) record(now time.Time) []byte {
	out := wire.AppendUint(nil, recordVersion)
	for _, l := range k.ledgers {
		out = l.appendStatement(out, now)
	}
	return out
}

// end keeps what was spent since, and gives the storage back.
func (k *keeper) end(ctx context.Context) error {
	k.worker.Stop()
	if k.shelf == nil {
		return nil
	}
	return errors.Join(k.keep(ctx), k.shelf.Close(ctx))
}
