package shelf_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"

	"github.com/tta-dev/otelcol-workflow/internal/journal"
	"github.com/tta-dev/otelcol-workflow/internal/shelf"
	"github.com/tta-dev/otelcol-workflow/test/storagetest"
)

func TestOnlyAStorageIsFound(t *testing.T) {
	disk := storagetest.NewDisk()
	host := storagetest.Host{
		component.MustNewID("disk"):  disk,
		component.MustNewID("other"): struct{ component.Component }{},
	}
	found, err := shelf.Find(host, component.MustNewID("disk"))
	require.NoError(t, err)
	assert.Same(t, disk, found)
	_, err = shelf.Find(host, component.MustNewIDWithName("disk", "two"))
	require.EqualError(t, err, `storage: extension "disk/two" is not defined or not listed under service.extensions`)
	_, err = shelf.Find(host, component.MustNewID("other"))
	require.EqualError(t, err, `storage: extension "other" keeps nothing; name one such as file_storage`)
}

func TestWhatIsPutIsThere(t *testing.T) {
	ctx, disk, id := t.Context(), storagetest.NewDisk(), component.MustNewID("cost")
	s, err := shelf.Open(ctx, disk, id)
	require.NoError(t, err)
	require.NoError(t, s.Put(ctx, []journal.Entry{{Key: "a", Value: []byte("1")}, {Key: "b", Value: []byte{}}}))
	for key, want := range map[string][]byte{"a": []byte("1"), "b": {}, "c": nil} {
		got, err := s.Get(ctx, key)
		require.NoError(t, err)
		assert.Equal(t, want, got, key)
	}
	require.NoError(t, s.Put(ctx, []journal.Entry{{Key: "a"}}))
	got, err := s.Get(ctx, "a")
	require.NoError(t, err)
	assert.Nil(t, got, "no value deletes")
	require.NoError(t, s.Close(ctx))
	assert.Equal(t, 1, disk.Closed())

	disk.Break(errors.New("no disk"))
	_, err = shelf.Open(ctx, disk, id)
	assert.EqualError(t, err, "no disk")
}
