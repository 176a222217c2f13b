package window

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

const second = int64(time.Second)

func empty(v *[]int64) { *v = nil }

// book counts an event where it belongs, if anywhere.
func book(w *Window[[]int64], t int64) bool {
	sub := w.At(t)
	if sub == nil {
		return false
	}
	*sub = append(*sub, t)
	return true
}

func held(w *Window[[]int64]) (all []int64) {
	for sub := range w.All() {
		all = append(all, *sub...)
	}
	slices.Sort(all)
	return all
}

func TestWindowSlides(t *testing.T) {
	w := New[[]int64](10*time.Second, 100*second)
	for i := int64(80); i <= 101; i++ {
		assert.Equal(t, i >= 90, book(w, i*second), "%d", i)
	}
	assert.Len(t, held(w), 12, "from 90 to 101, which counts as now")
	w.Slide(103*second, empty)
	assert.Equal(t, int64(93)*second, held(w)[0])
	assert.True(t, book(w, 103*second))
	w.Slide(99*second, empty)
	assert.Equal(t, int64(93)*second, held(w)[0], "a little back changes nothing")
	w.Slide(200*second, empty)
	assert.Empty(t, held(w))
}

func TestWindowStartsAnewWhenTimeIsSetBack(t *testing.T) {
	w := New[[]int64](10*time.Second, 1000*second)
	book(w, 1000*second)
	w.Slide(500*second, empty)
	assert.Empty(t, held(w))
	assert.True(t, book(w, 500*second))
	assert.False(t, book(w, 489*second))
}

// TestSinceWhen: the beginning of each sub-window is in it, and they follow one another.
func TestSinceWhen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := New[int](10*time.Second, rapid.Int64Range(-100*second, 100*second).Draw(t, "now"))
		i, last := 0, int64(0)
		for start, sub := range w.Since() {
			require.Same(t, sub, w.At(start))
			require.NotSame(t, sub, w.At(start-1), "the one before, or none")
			if i > 0 {
				require.Equal(t, last+second, start)
			}
			i, last = i+1, start
		}
		require.Equal(t, Subs+1, i)
		for range w.Since() {
			i++
			break
		}
		require.Equal(t, Subs+2, i)
	})
}

func TestWindowBefore1970(t *testing.T) {
	w := New[[]int64](10*time.Second, -3*second/2)
	assert.True(t, book(w, -3*second/2))
	assert.True(t, book(w, -12*second), "the tenth before -2")
	assert.False(t, book(w, -12*second-1))
}

func TestHolds(t *testing.T) {
	w := New[[]int64](10*time.Second, 0)
	assert.True(t, w.Holds(0, 11*second))
	assert.False(t, w.Holds(0, 11*second+1))
}

func TestShortestWindow(t *testing.T) {
	w := New[[]int64](0, 5)
	assert.True(t, book(w, 5))
}

// Whatever the times: what is held is what came and is not older than the sub-window
// of length before now, and all of the last length is held.
func TestWindowHoldsWhatIsRecent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		length := rapid.Int64Range(10, 100).Draw(t, "length") * int64(time.Millisecond)
		now := rapid.Int64Range(0, 1000).Draw(t, "now") * int64(time.Millisecond)
		w := New[[]int64](time.Duration(length), now)
		var booked []int64
		for range rapid.IntRange(1, 50).Draw(t, "events") {
			now += rapid.Int64Range(0, 30).Draw(t, "step") * int64(time.Millisecond)
			w.Slide(now, empty)
			at := now - rapid.Int64Range(0, 200).Draw(t, "age")*int64(time.Millisecond)
			if book(w, at) {
				booked = append(booked, at)
			} else {
				require.Less(t, at, now-length)
			}
			width := length / Subs
			oldest := (floor(now, width) - Subs) * width
			var want []int64
			for _, e := range booked {
				if e >= oldest {
					want = append(want, e)
				}
			}
			slices.Sort(want)
			require.Equal(t, want, held(w))
			require.LessOrEqual(t, oldest, now-length)
			require.Greater(t, oldest, now-length-width)
		}
	})
}

func TestAllStops(t *testing.T) {
	for range New[int](time.Second, 0).All() {
		return
	}
}
