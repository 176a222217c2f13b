package sloprocessor

import (
	"errors"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/tta-dev/otelcol-workflow/internal/wire"
)

const kept = "storage: disk\n" + `
flush_interval: 10s
slos:
  - name: success
    objective: 99%
    group_by: [workflow]
    sli: {events: {metric: runs, good: {outcome: success}}}
  - name: calm
    objective: 90%
    sli: {events: {metric: runs, good: {outcome: success}}}
`

// truth is what a source has counted.
type truth [2][2]float64 // by workflow, good and bad

// tell sends running totals.
func (t *truth) tell(r *rig) {
	r.Helper()
	time.Sleep(time.Millisecond) // points of one time would be one point
	for w, n := range t {
		r.total("runs", n[0], "outcome", "success", "workflow", strconv.Itoa(w))
		r.total("runs", n[1], "outcome", "error", "workflow", strconv.Itoa(w))
	}
}

func (t *truth) check(r *rig) {
	r.Helper()
	for w, n := range t {
		r.shows(n[0], "slo.events", "slo.outcome", "good", "workflow", strconv.Itoa(w))
		r.shows(n[1], "slo.events", "slo.outcome", "bad", "workflow", strconv.Itoa(w))
		r.shows(1-n[1]/(0.01*(n[0]+n[1])), "slo.error_budget.remaining", "workflow", strconv.Itoa(w))
	}
	r.shows(t[0][1]+t[1][1], "slo.events", "slo.outcome", "bad", "slo.name", "calm")
}

// TestNoCrashTakesAnythingBack kills the process at any step of a flush, for some hours of
// running totals: before state is kept, with a part of it written, after it is kept and
// before it is shown, and after that.
func TestNoCrashTakesAnythingBack(t *testing.T) {
	inBubble(t, kept, func(r *rig) {
		dice := rand.New(rand.NewPCG(4, 7))
		var n truth
		n.tell(r)
		for range 600 {
			for w := range n {
				n[w][0] += float64(dice.IntN(5))
				n[w][1] += float64(dice.IntN(2))
			}
			n.tell(r)
			switch dice.IntN(8) {
			case 0: // before it is kept
				time.Sleep(3 * time.Second)
			case 1: // with a part of it written
				r.disk.Leave(dice.IntN(8))
				r.refuses(errors.New("killed"))
				r.flush(1)
			case 2: // before it is shown
				r.refuses(errors.New("killed"))
				r.flush(1)
			case 3: // after it is shown
				r.flush(1)
			case 4: // while nothing can be kept
				r.disk.Leave(0)
				r.flush(1)
			case 5: // as it should be
				r.end()
				r.begin()
				continue
			default:
				r.flush(1)
				continue
			}
			r.kill()
			r.disk.Leave(-1)
			r.refuses(nil)
			r.begin()
			r.said(0, "could not be restored")
		}
		n.tell(r)
		r.flush(2)
		n.check(r)
		assert.Empty(t, r.fell, "no counter ever falls")
	})
}

func TestOfIncrementsAtMostOneFlushIsLost(t *testing.T) {
	inBubble(t, kept, func(r *rig) {
		tell := func() {
			r.feed("runs", "1", func(m pmetric.Metric) {
				s := m.SetEmptySum()
				s.SetIsMonotonic(true)
				s.SetAggregationTemporality(delta)
				dp := s.DataPoints().AppendEmpty()
				dp.SetIntValue(1)
				dp.SetTimestamp(pcommon.NewTimestampFromTime(time.Now()))
			})
		}
		for range 20 {
			tell()
			r.flush(1)
		}
		tell()
		time.Sleep(time.Second)
		tell()
		r.kill()
		r.begin()
		r.flush(1)
		r.shows(20, "slo.events", "slo.outcome", "bad", "slo.name", "calm")
	})
}

func TestCountersStandStillWhileNothingCanBeKept(t *testing.T) {
	inBubble(t, kept, func(r *rig) {
		n := truth{{99, 1}, {0, 0}}
		n.tell(r)
		r.flush(2)
		r.disk.Leave(0)
		n = truth{{190, 10}, {0, 0}}
		n.tell(r)
		r.flush(3)
		r.shows(1, "slo.events", "slo.outcome", "bad", "slo.name", "calm")
		r.shows(0.5, "slo.error_budget.remaining", "slo.name", "calm")
		r.said(1, "state cannot be kept")
		assert.EqualValues(t, 3, r.counted("storage_failures", ""))
		r.disk.Leave(-1)
		r.flush(1)
		r.shows(10, "slo.events", "slo.outcome", "bad", "slo.name", "calm")
	})
}

func TestDamageIsSaidAndCountersBeginAnew(t *testing.T) {
	for _, damaged := range []string{"index", "part", "record"} {
		t.Run(damaged, func(t *testing.T) {
			inBubble(t, kept, func(r *rig) {
				n := truth{{99, 1}, {99, 1}}
				n.tell(r)
				r.flush(3)
				r.kill()
				r.disk.Change(func(key string, value []byte) []byte {
					if strings.Contains(key, damaged) {
						value[12] ^= 0xff
					}
					return value
				})
				r.begin()
				r.said(1, "some state could not be restored")
				r.flush(1)
				r.shows(0, "slo.events", "slo.outcome", "bad", "slo.name", "calm")
				n = truth{{99, 1}, {99, 1}}
				n.tell(r)
				r.flush(2)
				assert.NotEmpty(t, r.fell)
				r.end()
				r.begin()
				r.said(0, "some state could not be restored")
			})
		})
	}
}

func TestWhatTheBookCannotReadIsSaid(t *testing.T) {
	inBubble(t, kept, func(r *rig) {
		n := truth{{99, 1}, {99, 1}}
		n.tell(r)
		r.flush(3)
		require.ErrorContains(t, r.p.replay([]byte{200}), "too early")
		require.ErrorContains(t, r.p.replay(deed{record: []byte{1, 2}}.bytes()), "before 1970")
		now := wire.AppendInt(nil, time.Now().UnixNano())
		assert.ErrorContains(t, r.p.replay(deed{record: now, streams: []byte{3}}.bytes()), "too early")
	})
}

func TestStateOfAnotherSelectorIsDropped(t *testing.T) {
	inBubble(t, kept, func(r *rig) {
		n := truth{{99, 1}, {99, 1}}
		n.tell(r)
		r.flush(3)
		r.end()
		cfg, err := read(t, strings.NewReplacer("90%", "95%", "group_by: [workflow]", "group_by: [outcome]").Replace(kept))
		require.NoError(t, err)
		r.cfg = cfg
		r.begin()
		r.flush(1)
		r.shows(2, "slo.events", "slo.outcome", "bad", "slo.name", "calm")
		r.shows(1-0.01/0.05, "slo.error_budget.remaining", "slo.name", "calm")
		r.lacks("slo.events", "slo.name", "success")
		r.said(1, "state of SLOs that are no more, or were changed, is dropped")
	})
}

func TestAStorageThatCannotBeOpenedIsNoReasonToStop(t *testing.T) {
	inBubble(t, kept, func(r *rig) {
		r.end()
		r.disk.Break(errors.New("no disk"))
		r.begin()
		r.said(1, "the storage cannot be opened")
		n := truth{{9, 1}, {}}
		n.tell(r)
		r.flush(2)
		r.shows(1, "slo.events", "slo.outcome", "bad", "slo.name", "calm")
	})
}
