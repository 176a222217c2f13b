package journal

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
)

// Store keeps values under keys. A Store need not be safe for concurrent use.
type Store interface {
	// Get returns the value of a key, nil if there is none.
	Get(ctx context.Context, key string) ([]byte, error)
	// Put writes the entries in order, together if it can. After an error any of them may
	// have been written.
	Put(ctx context.Context, entries []Entry) error
}

// Entry is what to write to a key.
type Entry struct {
	// Key to write to.
	Key string
	// Value of the key; nil deletes it.
	Value []byte
}

// ErrBehind says that a record is missing in the store, so that none can follow it before
// the next snapshot.
var ErrBehind = errors.New("the journal lacks a record: a snapshot is needed")

const (
	indexKey = "v1/index"
	// maxParts bounds what a damaged index makes Open read.
	maxParts = 1 << 16
	// chunk is about how many bytes are written together.
	chunk = 1 << 20
)

// Journal writes snapshots and records. It is not safe for concurrent use.
type Journal struct {
	store      Store
	generation uint64 // of the snapshot that is valid
	parts      int    // of that snapshot
	records    int    // that follow it, as far as they are known to be kept
	behind     bool   // a record may be missing
	unsure     bool   // the index may be of this generation or of the next
}

// Records returns how many records follow the last snapshot.
func (j *Journal) Records() int { return j.records }

// Append keeps one record. When it returns nil the record is kept; after an error, of which
// ErrBehind is one, state that holds it must be kept with Replace.
func (j *Journal) Append(ctx context.Context, record []byte) error {
	if j.behind {
		return ErrBehind
	}
	key := keyOf(j.generation, "record", j.records)
	if err := j.store.Put(ctx, []Entry{{key, seal(key, j.generation, record)}}); err != nil {
		j.behind = true
		return fmt.Errorf("record %d: %w", j.records, err)
	}
	j.records++
	return nil
}

// Replace keeps a snapshot, in place of the one before and its records. After an error
// these are still what is kept.
func (j *Journal) Replace(ctx context.Context, parts [][]byte) error {
	if len(parts) > maxParts {
		return fmt.Errorf("a snapshot has at most %d parts (got %d)", maxParts, len(parts))
	}
	if err := j.settle(ctx); err != nil {
		return err
	}
	next := j.generation + 1
	if err := j.put(ctx, next, parts); err != nil {
		return err
	}
	if err := j.store.Put(ctx, []Entry{{indexKey, seal(indexKey, next, index(len(parts)))}}); err != nil {
		j.unsure, j.behind = true, true
		return fmt.Errorf("index: %w", err)
	}
	stale := j.stale()
	j.generation, j.parts, j.records, j.behind = next, len(parts), 0, false
	if err := j.store.Put(ctx, stale); err != nil {
		return nil //nolint:nilerr // what is stale is overwritten by the snapshot after the next
	}
	return nil
}

// settle finds out which snapshot is valid if the last switch failed: overwriting the wrong
// one would lose both.
func (j *Journal) settle(ctx context.Context) error {
	if !j.unsure {
		return nil
	}
	raw, err := j.store.Get(ctx, indexKey)
	if err != nil {
		return fmt.Errorf("index: %w", err)
	}
	if generation, payload, err := open(indexKey, raw); err == nil && generation == j.generation+1 {
		j.generation, j.records = generation, 0
		j.parts, _ = partsOf(payload)
	}
	j.unsure = false
	return nil
}

func (j *Journal) put(ctx context.Context, generation uint64, parts [][]byte) error {
	// Whatever is left where the first record will be does not end this snapshot as a fault.
	batch, size := []Entry{{Key: keyOf(generation, "record", 0)}}, 0
	for i, part := range parts {
		if size >= chunk {
			if err := j.store.Put(ctx, batch); err != nil {
				return fmt.Errorf("parts before %d: %w", i, err)
			}
			batch, size = batch[:0], 0
		}
		key := keyOf(generation, "part", i)
		batch = append(batch, Entry{key, seal(key, generation, part)})
		size += len(part)
	}
	if err := j.store.Put(ctx, batch); err != nil {
		return fmt.Errorf("last parts: %w", err)
	}
	return nil
}

// stale are the keys of the snapshot that is valid, to be deleted once it is not.
func (j *Journal) stale() []Entry {
	entries := make([]Entry, 0, j.parts+j.records)
	for i := range j.parts {
		entries = append(entries, Entry{Key: keyOf(j.generation, "part", i)})
	}
	for i := range j.records {
		entries = append(entries, Entry{Key: keyOf(j.generation, "record", i)})
	}
	return entries
}

// keyOf returns a key in the place of the generation, which it shares with those before and
// after the next.
func keyOf(generation uint64, kind string, i int) string {
	return "v1/" + string("ab"[generation%2]) + "/" + kind + "/" + strconv.Itoa(i)
}

func index(parts int) []byte { return binary.AppendUvarint(nil, uint64(parts)) }

func partsOf(payload []byte) (int, error) {
	n, size := binary.Uvarint(payload)
	if size != len(payload) || n > maxParts {
		return 0, errors.New("the number of parts cannot be read")
	}
	return int(n), nil
}
