package shelf

import (
	"context"
	"fmt"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/tta-dev/otelcol-workflow/internal/journal"
)

// Find returns the storage extension that the key storage of a configuration names. The error
// begins with that key.
func Find(host component.Host, id component.ID) (storage.Extension, error) {
	found, ok := host.GetExtensions()[id]
	if !ok {
		return nil, fmt.Errorf("storage: extension %q is not defined or not listed under service.extensions", id)
	}
	extension, ok := found.(storage.Extension)
	if !ok {
		return nil, fmt.Errorf("storage: extension %q keeps nothing; name one such as file_storage", id)
	}
	return extension, nil
}

// Shelf is the part of a storage that belongs to one component, as a journal wants it. It is
// as safe for concurrent use as the storage is.
type Shelf struct{ client storage.Client }

// Open returns the shelf of a processor. It is to be closed.
func Open(ctx context.Context, extension storage.Extension, processor component.ID) (*Shelf, error) {
	client, err := extension.GetClient(ctx, component.KindProcessor, processor, "")
	if err != nil {
		return nil, err
	}
	return &Shelf{client}, nil
}

// Get returns the value of a key, nil if there is none.
func (s *Shelf) Get(ctx context.Context, key string) ([]byte, error) { return s.client.Get(ctx, key) }

// Put writes the entries in one transaction.
func (s *Shelf) Put(ctx context.Context, entries []journal.Entry) error {
	ops := make([]*storage.Operation, len(entries))
	for i, e := range entries {
		ops[i] = storage.SetOperation(e.Key, e.Value)
		if e.Value == nil {
			ops[i] = storage.DeleteOperation(e.Key)
		}
	}
	return s.client.Batch(ctx, ops...)
}

// Close gives the shelf back. It is of no use afterwards.
func (s *Shelf) Close(ctx context.Context) error { return s.client.Close(ctx) }
