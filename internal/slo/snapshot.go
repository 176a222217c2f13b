package slo

import (
	"fmt"
	"time"
)

// SnapshotError says why a snapshot cannot be restored.
type SnapshotError struct {
	Offset int // in the snapshot
	Reason string
}

// Error joins offset and reason.
func (e *SnapshotError) Error() string {
	return fmt.Sprintf("snapshot of an account: at byte %d is %s", e.Offset, e.Reason)
}

// AppendBinary appends a snapshot of the account to dst and returns it. It has a version and no checksum: whoever
// stores it guards it. The error is always nil; with it an Account is an encoding.BinaryAppender.
func (a *Account) AppendBinary(dst []byte) ([]byte, error) {
	e := encoder(dst)
	e.account(a)
	return e, nil
}

// Restore returns the account of a snapshot; appending it again gives the same bytes, and the same calls give the
// same reports as they would have given the original.
//
// The plan may be another than that of the original: cells that its ring has too are kept, alerts are known by
// the names of objective and policy, and calendar periods by their start and end. Budgeting must be the same,
// since slices and events cannot be added. now is for a calendar period that the snapshot does not have. The
// error is a *SnapshotError. Whatever data holds, Restore needs no more memory than the account takes.
func (p *Plan) Restore(data []byte, now time.Time) (*Account, error) {
	d := decoder{data: data}
	if d.uint() != snapshotVersion {
		d.fail("an unknown version")
	}
	d.budgeting(&p.definition.Budgeting)
	a := p.empty(0)
	a.opened, a.lastPoint, a.lastEvent, a.lastTick = d.int(), d.int(), d.int(), d.int()
	a.counted = d.counts()
	a.good, a.bad = d.number(), d.number()
	a.current, a.previous = d.period(), d.period()
	d.slots(&a.slots)
	d.standings(a)
	d.ring(&a.ring)
	if d.at != len(data) {
		d.fail("more than an account")
	}
	if p.sliced() && a.lastTick/int64(p.definition.Budgeting.Slice)-a.slots.settled > maxSlots {
		d.fail("a slice that is too old")
	}
	if d.err != nil {
		return nil, d.err
	}
	a.adopt(now)
	return a, nil
}

// adopt fits the periods of a snapshot to the calendar of the plan.
func (a *Account) adopt(now time.Time) {
	calendar := a.plan.definition.Window.Calendar
	for _, p := range []*period{&a.current, &a.previous} {
		if calendar == nil || calendar.Period(time.Unix(0, p.from)).stretch() != p.stretch {
			*p = period{}
		}
	}
	if a.current.to == 0 {
		a.turn(now)
	}
}

// standing finds an objective of the plan by name; one that is gone is a standing that nobody looks at.
func (a *Account) standing(objective []byte) *standing {
	for i := range a.standings {
		if a.plan.definition.Objectives[i].Name == string(objective) {
			return &a.standings[i]
		}
	}
	return &standing{}
}

// alert finds a policy of the plan by the names of it and its objective; one that is gone is an alert that nobody
// looks at.
func (a *Account) alert(objective, policy []byte) *alert {
	for i := range a.standings {
		o := &a.plan.definition.Objectives[i]
		if o.Name != string(objective) {
			continue
		}
		for j := range o.Policies {
			if o.Policies[j].Name == string(policy) {
				return &a.standings[i].alerts[j]
			}
		}
	}
	return &alert{}
}

// Merge adds the counts of o, an account of the same objective in another replica, to a and does not change o.
// Windows, periods and counters are then those of both streams in one, exactly for counts without fractions.
// Open slices are added; slices that were judged apart stay so. Coverage becomes the better of both, and the alerts
// are those of a until the next Tick.
func (a *Account) Merge(o *Account) {
	a.ring.merge(&o.ring)
	a.counted = a.counted.Plus(o.counted)
	a.good, a.bad = a.good+o.good, a.bad+o.bad
	a.opened = min(a.opened, o.opened)
	a.lastPoint, a.lastEvent = max(a.lastPoint, o.lastPoint), max(a.lastEvent, o.lastEvent)
	a.lastTick = max(a.lastTick, o.lastTick)
	a.mergePeriod(&o.previous)
	a.mergePeriod(&o.current)
	for i := range o.slots.open {
		if number := o.slots.settled + int64(i); number >= a.slots.settled {
			s := a.slots.at(number)
			s.counts = s.counts.Plus(o.slots.open[i].counts)
			s.ran = s.ran || o.slots.open[i].ran
		}
	}
}

func (a *Account) mergePeriod(o *period) {
	if o.from >= a.current.to {
		a.previous, a.current = a.current, period{stretch: o.stretch}
		a.previous.pending = a.previous.to > 0
	}
	for _, p := range []*period{&a.previous, &a.current} {
		if p.stretch == o.stretch {
			p.counts = p.counts.Plus(o.counts)
			p.alive = max(p.alive, o.alive)
		}
	}
}
