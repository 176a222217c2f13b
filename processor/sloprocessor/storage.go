package sloprocessor

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tta-dev/otelcol-workflow/internal/journal"
	"github.com/tta-dev/otelcol-workflow/internal/wire"
)

// deed is what happened until a tick: what the book is to do, and how far the streams are.
type deed struct {
	record  []byte
	streams []byte
}

func (d deed) bytes() []byte {
	return wire.AppendText(wire.AppendText(nil, d.record), d.streams)
}

func readDeed(data []byte) (d deed, err error) {
	r := wire.NewReader(data)
	d.record, d.streams = r.Bytes(), r.Bytes()
	return d, r.Err()
}

// The kinds of parts of a snapshot, which are their first bytes.
const (
	partAccounts = 'a'
	partStreams  = 's'
	partDeed     = 'd' // what is yet to be done to the accounts
)

// snapshotEvery is how much time the records cover that a start has to go through.
const snapshotEvery = 5 * time.Minute

// keep writes what is about to be done, or, if it is time or the journal lacks something, a
// snapshot and what is about to be done. It reports whether it is kept.
func (p *sloProcessor) keep(ctx context.Context, d deed, whole bool) (kept bool) {
	if p.journal == nil {
		return true
	}
	var err error
	if !whole {
		err = p.journal.Append(ctx, d.bytes())
	} else {
		err = p.journal.Replace(ctx, p.parts(d))
	}
	p.due = err != nil
	if err != nil {
		p.tel.builder.ProcessorSloStorageFailures.Add(ctx, 1)
		p.complain(err)
	} else {
		p.failing = false
		if whole {
			p.snapshot = p.last
		}
	}
	return err == nil
}

func (p *sloProcessor) parts(d deed) [][]byte {
	var parts [][]byte
	for _, part := range p.book.Parts() {
		parts = append(parts, append([]byte{partAccounts}, part...))
	}
	return append(parts, append([]byte{partStreams}, d.streams...), append([]byte{partDeed}, deed{record: d.record}.bytes()...))
}

// restore brings the book and the streams to where they were, and returns what was lost on
// the way.
func (p *sloProcessor) restore(r *journal.Recovery, now time.Time) error {
	errs := append([]error(nil), r.Faults...)
	var deeds [][]byte
	for _, part := range r.Parts {
		if len(part) == 0 {
			continue
		}
		var err error
		switch body := part[1:]; part[0] {
		case partAccounts:
			err = p.restoreAccounts(body, now)
		case partStreams:
			err = p.intake.meters.Restore(body)
		case partDeed:
			deeds = append(deeds, body)
		default:
			err = fmt.Errorf("a part of kind %q is not known", part[0])
		}
		errs = append(errs, err)
	}
	for _, data := range append(deeds, r.Records...) {
		errs = append(errs, p.replay(data))
	}
	return errors.Join(errs...)
}

func (p *sloProcessor) restoreAccounts(part []byte, now time.Time) error {
	n, err := p.book.Restore(part, now)
	p.strange += n.Strange
	return err
}

func (p *sloProcessor) replay(data []byte) error {
	d, err := readDeed(data)
	if err != nil {
		return err
	}
	if err := p.book.Replay(d.record); err != nil {
		return err
	}
	p.intake.meters.Since(wire.NewReader(d.record).Int())
	return p.intake.meters.Restore(d.streams)
}
