package journal

import (
	"context"
	"errors"
	"fmt"
)

// Recovery is what a store held.
type Recovery struct {
	// Parts of the last snapshot, those that can be read, in order.
	Parts [][]byte
	// Records since then, in order, up to the first that cannot be read.
	Records [][]byte
	// Faults are what could not be read, each with its key. With none, all that was ever
	// kept is there.
	Faults []error
}

// fault notes that the value of a key is of no use.
func (r *Recovery) fault(key string, err error) {
	r.Faults = append(r.Faults, fmt.Errorf("%s: %w", key, err))
}

// Open reads what is kept. Whatever is in the store, or keeps it from being read, it returns
// a Journal that works; the caller takes what was recovered and makes a new snapshot of it
// before it appends. The number fresh is the generation to begin with in a store without
// one: any number that was not used before, such as the time.
func Open(ctx context.Context, store Store, fresh uint64) (*Journal, *Recovery) {
	j, r := &Journal{store: store, generation: fresh, behind: true}, &Recovery{}
	raw, err := store.Get(ctx, indexKey)
	if err != nil {
		r.fault(indexKey, err)
		return j, r
	}
	if raw == nil {
		return j, r
	}
	generation, payload, err := open(indexKey, raw)
	if err == nil {
		j.parts, err = partsOf(payload)
	}
	if err != nil {
		j.spoil(ctx, r, indexKey, raw, err)
		return j, r
	}
	j.generation = generation
	j.recoverParts(ctx, r)
	j.recoverRecords(ctx, r)
	return j, r
}

func (j *Journal) recoverParts(ctx context.Context, r *Recovery) {
	for i := range j.parts {
		if payload, ok := j.read(ctx, r, keyOf(j.generation, "part", i), true); ok {
			r.Parts = append(r.Parts, payload)
		}
	}
}

func (j *Journal) recoverRecords(ctx context.Context, r *Recovery) {
	for {
		payload, ok := j.read(ctx, r, keyOf(j.generation, "record", j.records), false)
		if !ok {
			return
		}
		r.Records = append(r.Records, payload)
		j.records++
	}
}

var errMissing = errors.New("there is no value")

// read reads a part or a record. A part must be there; where there is no record of this
// generation, the records end.
func (j *Journal) read(ctx context.Context, r *Recovery, key string, must bool) (payload []byte, ok bool) {
	raw, err := j.store.Get(ctx, key)
	if err != nil {
		r.fault(key, err)
		return nil, false
	}
	if raw == nil {
		if must {
			r.fault(key, errMissing)
		}
		return nil, false
	}
	generation, payload, err := open(key, raw)
	if err == nil && generation != j.generation && must {
		err = fmt.Errorf("it is of generation %d, not %d", generation, j.generation)
	}
	if err != nil {
		j.spoil(ctx, r, key, raw, err)
		return nil, false
	}
	return payload, generation == j.generation
}

// spoil puts a value that cannot be read aside, for a person to look at.
func (j *Journal) spoil(ctx context.Context, r *Recovery, key string, raw []byte, err error) {
	r.fault(key, err)
	if err := j.store.Put(ctx, []Entry{{key + ".bad", raw}}); err != nil {
		r.fault(key+".bad", err)
	}
}
