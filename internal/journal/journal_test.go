package journal

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var errFull = errors.New("full")

// memory is a store in memory whose puts can be made to fail.
type memory struct {
	values map[string][]byte
	// budget is how many more entries are written; -1 is no end of them. The entry past it
	// fails, and those before it in the same put stay written.
	budget int
	// blind is an error of all gets.
	blind error
}

func newMemory() *memory { return &memory{values: map[string][]byte{}, budget: -1} }

func (m *memory) Get(_ context.Context, key string) ([]byte, error) { return m.values[key], m.blind }

func (m *memory) Put(_ context.Context, entries []Entry) error {
	for _, e := range entries {
		if m.budget == 0 {
			return errFull
		}
		if m.budget > 0 {
			m.budget--
		}
		if e.Value == nil {
			delete(m.values, e.Key)
		} else {
			m.values[e.Key] = append([]byte{}, e.Value...)
		}
	}
	return nil
}

func texts(payloads [][]byte) (out []string) {
	for _, p := range payloads {
		out = append(out, string(p))
	}
	return out
}

func bytesOf(texts ...string) (out [][]byte) {
	for _, s := range texts {
		out = append(out, []byte(s))
	}
	return out
}

func TestWhatIsKeptIsFoundAgain(t *testing.T) {
	ctx, store := t.Context(), newMemory()
	j, r := Open(ctx, store, 7)
	assert.Equal(t, &Recovery{}, r, "an empty store")
	require.ErrorIs(t, j.Append(ctx, nil), ErrBehind, "nothing to append to yet")

	require.NoError(t, j.Replace(ctx, bytesOf("p0", "p1")))
	require.NoError(t, j.Append(ctx, []byte("r0")))
	require.NoError(t, j.Append(ctx, []byte("")))
	assert.Equal(t, 2, j.Records())

	j, r = Open(ctx, store, 0)
	assert.Empty(t, r.Faults)
	assert.Equal(t, []string{"p0", "p1"}, texts(r.Parts))
	assert.Equal(t, []string{"r0", ""}, texts(r.Records))

	require.NoError(t, j.Replace(ctx, bytesOf("q0")))
	_, r = Open(ctx, store, 0)
	assert.Equal(t, []string{"q0"}, texts(r.Parts))
	assert.Empty(t, r.Records)
	assert.Len(t, store.values, 2, "an index and a part: what was before is deleted")
}

func TestWhatIsBadIsPutAsideAndTheRestIsRead(t *testing.T) {
	for _, tc := range []struct {
		name           string
		spoil          func(v map[string][]byte)
		parts, records []string
		fault          string
	}{
		{
			"nothing", func(map[string][]byte) {},
			[]string{"p0", "p1"},
			[]string{"r0", "r1"},
			"",
		},
		{
			"a bit of a part", func(v map[string][]byte) { v["v1/a/part/0"][10] ^= 1 },
			[]string{"p1"},
			[]string{"r0", "r1"},
			"v1/a/part/0: the checksum is wrong",
		},
		{
			"a part without its end", func(v map[string][]byte) { v["v1/a/part/1"] = v["v1/a/part/1"][:5] },
			[]string{"p0"},
			[]string{"r0", "r1"},
			"v1/a/part/1: 5 bytes are too few",
		},
		{
			"no part", func(v map[string][]byte) { delete(v, "v1/a/part/1") },
			[]string{"p0"},
			[]string{"r0", "r1"},
			"v1/a/part/1: there is no value",
		},
		{
			"a part in the place of another", func(v map[string][]byte) { v["v1/a/part/0"] = v["v1/a/part/1"] },
			[]string{"p1"},
			[]string{"r0", "r1"},
			"v1/a/part/0: the checksum is wrong",
		},
		{
			"a part of another generation", func(v map[string][]byte) { v["v1/a/part/0"] = seal("v1/a/part/0", 6, nil) },
			[]string{"p1"},
			[]string{"r0", "r1"},
			"v1/a/part/0: it is of generation 6, not 8",
		},
		{
			"a record, and with it those after it", func(v map[string][]byte) { v["v1/a/record/0"][0] ^= 1 },
			[]string{"p0", "p1"},
			nil, "v1/a/record/0: the checksum is wrong",
		},
		{
			"the index", func(v map[string][]byte) { v["v1/index"] = []byte("no index at all") },
			nil, nil, "v1/index: the checksum is wrong",
		},
		{
			"an index of another version", func(v map[string][]byte) {
				raw := append([]byte{2}, seal("v1/index", 8, nil)[1:9]...)
				sum := checksum("v1/index", raw)
				v["v1/index"] = append(raw, byte(sum>>24), byte(sum>>16), byte(sum>>8), byte(sum))
			},
			nil, nil, "v1/index: version 2 is not known, 1 is",
		},
		{
			"an index of no end of parts", func(v map[string][]byte) { v["v1/index"] = seal("v1/index", 8, index(maxParts+1)) },
			nil, nil, "v1/index: the number of parts cannot be read",
		},
		{
			"a record left over", func(v map[string][]byte) { v["v1/a/record/2"] = seal("v1/a/record/2", 6, []byte("old")) },
			[]string{"p0", "p1"},
			[]string{"r0", "r1"},
			"",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ctx, store := t.Context(), newMemory()
			j, _ := Open(ctx, store, 7)
			require.NoError(t, j.Replace(ctx, bytesOf("p0", "p1")))
			require.NoError(t, j.Append(ctx, []byte("r0")))
			require.NoError(t, j.Append(ctx, []byte("r1")))
			tc.spoil(store.values)
			kept := maps.Clone(store.values)

			j, r := Open(ctx, store, 100)
			assert.Equal(t, tc.parts, texts(r.Parts))
			assert.Equal(t, tc.records, texts(r.Records))
			if tc.fault == "" {
				assert.Empty(t, r.Faults)
			} else {
				require.Len(t, r.Faults, 1)
				require.EqualError(t, r.Faults[0], tc.fault)
			}
			for key, value := range store.values {
				if _, was := kept[key]; !was {
					assert.Equal(t, kept[key[:len(key)-len(".bad")]], value, "%s is what could not be read", key)
				}
			}
			require.NoError(t, j.Replace(ctx, bytesOf("new")), "it works on")
			_, r = Open(ctx, store, 100)
			assert.Equal(t, []string{"new"}, texts(r.Parts))
			assert.Empty(t, r.Faults)
		})
	}
}

func TestAStoreThatCannotBeReadIsAFault(t *testing.T) {
	ctx, store := t.Context(), newMemory()
	j, _ := Open(ctx, store, 7)
	require.NoError(t, j.Replace(ctx, bytesOf("p0")))
	store.blind = errors.New("no disk")
	j, r := Open(ctx, store, 50)
	require.Len(t, r.Faults, 1)
	require.ErrorIs(t, r.Faults[0], store.blind)
	require.NoError(t, j.Replace(ctx, bytesOf("new")))
	store.blind = nil
	_, r = Open(ctx, store, 0)
	assert.Equal(t, []string{"new"}, texts(r.Parts))
}

func TestAPartThatCannotBePutAsideIsAFaultToo(t *testing.T) {
	store := newMemory()
	store.values[indexKey], store.budget = []byte("bad"), 0
	_, r := Open(t.Context(), store, 1)
	require.Len(t, r.Faults, 2)
	assert.ErrorIs(t, r.Faults[1], errFull)
}

func TestASnapshotHasABoundOfParts(t *testing.T) {
	j, _ := Open(t.Context(), newMemory(), 1)
	assert.ErrorContains(t, j.Replace(t.Context(), make([][]byte, maxParts+1)), "at most 65536 parts (got 65537)")
}

func TestALargeSnapshotIsWrittenInChunks(t *testing.T) {
	ctx, store := t.Context(), newMemory()
	j, _ := Open(ctx, store, 1)
	large := make([]byte, chunk)
	require.NoError(t, j.Replace(ctx, [][]byte{large, large[:10], large, []byte("end")}))
	_, r := Open(ctx, store, 1)
	assert.Empty(t, r.Faults)
	assert.Len(t, r.Parts, 4)
	assert.Equal(t, "end", string(r.Parts[3]))
}

// TestNothingThatIsKeptIsLost lets a process write, have its writes fail at any entry, and
// be killed at any moment. What is found afterwards is what it was told is kept, or that
// and what it was just about to keep.
func TestNothingThatIsKeptIsLost(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		ctx, store := t.Context(), newMemory()
		j, _ := Open(ctx, store, uint64(rapid.IntRange(0, 9).Draw(rt, "fresh")))
		next := 0
		kept, state := []string(nil), []string(nil) // on disk for sure; in memory
		for range rapid.IntRange(1, 30).Draw(rt, "steps") {
			store.budget = rapid.SampledFrom([]int{-1, -1, -1, 0, 1, 2, 3, 4}).Draw(rt, "budget")
			if rapid.Bool().Draw(rt, "flush") {
				next++
				state = append(state, strconv.Itoa(next))
			}
			err := error(nil)
			if len(state) > len(kept) {
				if err = j.Append(ctx, []byte(state[len(state)-1])); err == nil {
					kept = slices.Clone(state)
				}
			}
			if errors.Is(err, ErrBehind) || rapid.Bool().Draw(rt, "snapshot") {
				if err = j.Replace(ctx, bytesOf(state...)); err == nil {
					kept = slices.Clone(state)
				}
			}
			if !rapid.Bool().Draw(rt, "crash") {
				continue
			}
			store.budget = -1
			var r *Recovery
			j, r = Open(ctx, store, 1000)
			require.Empty(rt, r.Faults)
			found := append(texts(r.Parts), texts(r.Records)...)
			require.True(rt, slices.Equal(found, kept) || slices.Equal(found, state), "kept %v, in memory %v, found %v", kept, state, found)
			kept, state = found, slices.Clone(found)
		}
	})
}

// FuzzOpen opens a store that holds anything at all.
func FuzzOpen(f *testing.F) {
	f.Add(seal(indexKey, 8, index(1)), seal("v1/a/part/0", 8, []byte("p")), seal("v1/a/record/0", 8, []byte("r")))
	f.Add([]byte{}, []byte{1}, []byte("…"))
	f.Fuzz(func(t *testing.T, idx, part, record []byte) {
		ctx, store := t.Context(), newMemory()
		for key, value := range map[string][]byte{indexKey: idx, "v1/a/part/0": part, "v1/a/record/0": record} {
			store.values[key] = seal(key, 8, value)
			if len(value) > 0 && value[0] > 0x80 {
				store.values[key] = value
			}
		}
		j, r := Open(ctx, store, 1)
		if len(r.Parts)+len(r.Records) > 2 {
			t.Errorf("found %d parts and %d records of one each", len(r.Parts), len(r.Records))
		}
		if err := j.Replace(ctx, bytesOf("x")); err != nil {
			t.Error(err)
		}
		if _, r := Open(ctx, store, 1); len(r.Faults) > 0 || len(r.Parts) != 1 {
			t.Errorf("after a snapshot there are %d parts and faults %v", len(r.Parts), r.Faults)
		}
	})
}
