package recordings_test

import (
	"flag"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/tta-dev/otelcol-workflow/test/collectortest"
)

var (
	dir    = flag.String("dir", "testdata", "folder with recordings and their MANIFEST.json")
	only   = flag.String("only", "", "send only files whose name contains this")
	roots  = flag.String("roots", "any", "runs::roots of the connector")
	binary = flag.String("binary", "", "the collector; built if empty")
)

// tally counts the recordings that came out right, by whether there was an answer and by
// how they were sent.
type tally struct {
	mu           sync.Mutex
	right, asked map[string]int
}

func (s *tally) count(kind string, right bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked[kind]++
	if right {
		s.right[kind]++
	}
}

// TestRecordings sends each file twice, in one batch and span by span, each time to a
// collector of its own, and prints a line about it.
func TestRecordings(t *testing.T) {
	path := *binary
	if path == "" {
		path = collectortest.Build(t)
	}
	score := &tally{right: map[string]int{}, asked: map[string]int{}}
	t.Run("files", func(t *testing.T) {
		for _, rec := range load(t, *dir) {
			if strings.Contains(rec.File, *only) {
				t.Run(rec.File, func(t *testing.T) {
					t.Parallel()
					check(t, path, rec, score)
				})
			}
		}
	})
	for _, kind := range []string{"answered, one batch", "answered, span by span", "unanswered, one batch", "unanswered, span by span"} {
		fmt.Printf("%d of %d right: %s\n", score.right[kind], score.asked[kind], kind)
	}
}

func check(t *testing.T, path string, rec recording, score *tally) {
	t.Helper()
	body, spans := read(t, *dir, rec.File)
	whole := send(t, path, [][]byte{body}, len(spans))
	wrong := judge(rec, spans, whole)
	parts := send(t, path, spans.exported(t), len(spans))
	wrongParts := judge(rec, spans, parts)
	if rec.Expected == nil && parts.String() != whole.String() {
		wrongParts = append(wrongParts, "counted as "+parts.String())
	}

	kind := "answered"
	if rec.Expected == nil {
		kind = "unanswered"
	}
	score.count(kind+", one batch", len(wrong) == 0)
	score.count(kind+", span by span", len(wrongParts) == 0)
	report(rec, whole, wrong, wrongParts)
	if len(wrong)+len(wrongParts) > 0 {
		t.Errorf("%s: %s", rec.File, strings.Join(append(wrong, wrongParts...), "; "))
	}
}

func judge(rec recording, spans tree, got *counts) []string {
	if rec.Expected != nil {
		return rec.Expected.compare(got, spans)
	}
	return spans.invariants(got)
}

// report prints the line of a recording.
func report(rec recording, whole *counts, wrong, wrongParts []string) {
	verdict := "ok   "
	if len(wrong)+len(wrongParts) > 0 {
		verdict = "WRONG"
	}
	line := fmt.Sprintf("%s %s: %s", verdict, rec.File, whole)
	if len(wrong) > 0 {
		line += " | ONE BATCH: " + strings.Join(wrong, "; ")
	}
	if len(wrongParts) > 0 {
		line += " | SPAN BY SPAN: " + strings.Join(wrongParts, "; ")
	}
	if doubts := rec.Expected.doubts(); len(doubts) > 0 {
		line += " | uncertain: " + strings.Join(doubts, "; ")
	}
	fmt.Println(line)
}
