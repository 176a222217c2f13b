package series

// State says what Get found.
type State uint8

// The states of an entry. The zero State is Known.
const (
	// Known entries were in the table.
	Known State = iota
	// Created entries are new: the caller may want to write the zero point of the series.
	Created
	// Fold means that the table is full and the entry nil: the observation belongs to an overflow series.
	Fold
)

// String is the name of the state in lower case.
func (s State) String() string {
	switch s {
	case Known:
		return "known"
	case Created:
		return "created"
	default:
		return "fold"
	}
}

// Entry is one series: its key and what the owner of the table keeps for it.
// It is guarded by the lock of its shard. Past Unlock it may be kept for Shard.Touch alone, and past the call of a Range
// or Expire function not at all.
type Entry[V any] struct {
	// Value belongs to the owner of the table.
	Value V
	// Created is when the entry was made, in unix nanoseconds.
	Created int64
	// LastSeen is the latest time given to Get, in unix nanoseconds; Expire goes by it.
	LastSeen int64

	key  []byte
	hash uint64
	gone bool      // removed from its table
	next *Entry[V] // in the chain of its bucket
}

// Key is the key the entry was created with: borrowed, never to be written to.
// Unlike the entry it does not change, and may be kept.
func (e *Entry[V]) Key() []byte { return e.key }
