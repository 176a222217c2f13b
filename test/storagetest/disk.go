package storagetest

import (
	"context"
	"slices"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"
)

// Host has some extensions and nothing else. It is safe for concurrent use.
type Host map[component.ID]component.Component

// GetExtensions returns the extensions.
func (h Host) GetExtensions() map[component.ID]component.Component { return h }

// Disk is a storage extension which outlives the components that use it, all of which share
// its keys. It is safe for concurrent use.
type Disk struct {
	component.StartFunc
	component.ShutdownFunc

	mu     sync.Mutex
	values map[string][]byte
	left   int // entries that can be written; -1 is no end of them
	broken error
	closed int
	writes int
}

// NewDisk returns an empty disk that takes everything.
func NewDisk() *Disk { return &Disk{values: map[string][]byte{}, left: -1} }

// Leave says how many more entries can be written, -1 for no end of them. The one past it
// fails with [storage.ErrStorageFull]; those before it in the same batch stay written.
func (d *Disk) Leave(n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.left = n
}

// Break makes GetClient fail, nil lets it work.
func (d *Disk) Break(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.broken = err
}

// Change replaces each value by what f makes of a copy of it; nil deletes it.
func (d *Disk) Change(f func(key string, value []byte) []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for key, value := range d.values {
		if d.values[key] = f(key, slices.Clone(value)); d.values[key] == nil {
			delete(d.values, key)
		}
	}
}

// Closed returns how often a client was closed.
func (d *Disk) Closed() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.closed
}

// Writes returns how many batches were written, in part or as a whole.
func (d *Disk) Writes() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.writes
}

// GetClient returns the disk itself.
func (d *Disk) GetClient(context.Context, component.Kind, component.ID, string) (storage.Client, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.broken != nil {
		return nil, d.broken
	}
	return d, nil
}

// Get returns the value of a key, nil if there is none.
func (d *Disk) Get(_ context.Context, key string) ([]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.values[key], nil
}

// Set writes one value.
func (d *Disk) Set(ctx context.Context, key string, value []byte) error {
	return d.Batch(ctx, storage.SetOperation(key, value))
}

// Delete deletes one value.
func (d *Disk) Delete(ctx context.Context, key string) error {
	return d.Batch(ctx, storage.DeleteOperation(key))
}

// Batch writes and deletes values in order. It reads none.
func (d *Disk) Batch(_ context.Context, ops ...*storage.Operation) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.writes++
	for _, op := range ops {
		if d.left == 0 {
			return storage.ErrStorageFull
		}
		if d.left > 0 {
			d.left--
		}
		if op.Type == storage.Delete {
			delete(d.values, op.Key)
			continue
		}
		d.values[op.Key] = append([]byte{}, op.Value...)
	}
	return nil
}

// Close counts.
func (d *Disk) Close(context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed++
	return nil
}
