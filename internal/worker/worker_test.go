package worker_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/internal/worker"
)

func nothing(context.Context) error { return nil }

func TestBeatsAtEveryIntervalUntilTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var (
			w     worker.Worker
			beats int
		)
		w.Start(time.Minute, func(context.Context) { beats++ })
		time.Sleep(3*time.Minute + time.Second)
		synctest.Wait()
		require.Equal(t, 3, beats)
		require.NoError(t, w.Shutdown(t.Context(), nothing))
		time.Sleep(time.Hour)
		require.Equal(t, 3, beats)
	})
}

func TestASlowBeatIsNeverTwiceAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var (
			w              worker.Worker
			atOnce, beats  int
			mostAtTheSame  int
			longerThanTick = 150 * time.Second
		)
		w.Start(time.Minute, func(context.Context) {
			atOnce++
			mostAtTheSame = max(mostAtTheSame, atOnce)
			time.Sleep(longerThanTick)
			atOnce--
			beats++
		})
		time.Sleep(10 * time.Minute)
		w.Stop()
		require.Equal(t, 1, mostAtTheSame)
		require.Equal(t, 4, beats)
	})
}

func TestTheLastThingComesAfterTheLastBeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var (
			w     worker.Worker
			order []string
		)
		w.Start(time.Minute, func(ctx context.Context) {
			<-ctx.Done()
			time.Sleep(time.Second)
			order = append(order, "beat")
		})
		time.Sleep(time.Minute)
		synctest.Wait()
		failed := errors.New("not taken")
		require.ErrorIs(t, w.Shutdown(t.Context(), func(context.Context) error {
			order = append(order, "last")
			return failed
		}), failed)
		require.Equal(t, []string{"beat", "last"}, order)
	})
}

func TestShutdownIsBoundedByItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var w worker.Worker
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		release, released := make(chan struct{}), make(chan struct{})
		begin := time.Now()
		err := w.Shutdown(ctx, func(context.Context) error {
			<-release
			close(released)
			return nil
		})
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorContains(t, err, "not all was done when the time to shut down was over")
		require.Equal(t, time.Second, time.Since(begin))
		close(release)
		<-released
	})
}

func TestOnlyTheFirstShutdownDoesAnything(t *testing.T) {
	var (
		w     worker.Worker
		calls int
	)
	for range 3 {
		require.NoError(t, w.Shutdown(t.Context(), func(context.Context) error {
			calls++
			return nil
		}))
	}
	require.Equal(t, 1, calls)
}
