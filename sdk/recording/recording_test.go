package recording_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/tta-dev/otelcol-workflow/sdk/recording"
)

const (
	begin = `{"id":"a","run":{"v":1,"workflow":"w","start":"2026-11-23T16:00:00Z","in":1}}`
	step  = `{"id":"a","step":{"seq":0,"path":"s","lane":"0","kind":"task","out":2,"start":"2026-11-23T16:00:00Z","seconds":1}}`
	end   = `{"id":"a","end":{"outcome":"success","out":2}}`
)

// Lines of several runs lie between each other; one breaks off.
func TestRead(t *testing.T) {
	other := strings.NewReplacer(`"a"`, `"b"`)
	text := strings.Join([]string{begin, other.Replace(begin), step, "", other.Replace(step), end, `{"id":"b"}`}, "\r\n")
	runs, err := recording.Read(strings.NewReader(text))
	if err != nil || len(runs) != 2 {
		t.Fatalf("%d runs, %v", len(runs), err)
	}
	a, b := runs[0], runs[1]
	if a.ID != "a" || a.Workflow != "w" || string(a.In) != "1" || len(a.Steps) != 1 || a.End == nil || a.End.Outcome != "success" {
		t.Errorf("got %+v", a)
	}
	if b.ID != "b" || len(b.Steps) != 1 || b.Steps[0].Path != "s" || b.End != nil {
		t.Errorf("got %+v", b)
	}
}

// A file that cannot be a recording is told by its line.
func TestReadRefuses(t *testing.T) {
	for _, tc := range []struct{ name, text, want string }{
		{"no JSON", begin + "\nx", "line 2 of the recording: invalid character 'x' looking for beginning of value"},
		{"no beginning", step, `line 1 of the recording: run "a" has not begun: is the beginning of the file missing?`},
		{"another version", strings.Replace(begin, `"v":1`, `"v":2`, 1), "line 1 of the recording: version 2 of the form: this is for version 1"},
		{"two beginnings", begin + "\n" + begin, `line 2 of the recording: run "a" begins twice`},
		{"life after the end", begin + "\n" + end + "\n" + step, `line 3 of the recording: run "a" goes on after its end`},
		{"two things at once", begin + "\n" + `{"id":"a","step":{},"end":{}}`, "line 2 of the recording: both a step and an end"},
		{"a line without end", begin + "\n" + strings.Repeat("x", recording.MaxLine+1), "line 2 of the recording: bufio.Scanner: token too long"},
	} {
		if _, err := recording.Read(strings.NewReader(tc.text)); err == nil || err.Error() != tc.want {
			t.Errorf("%s: got %v, want %s", tc.name, err, tc.want)
		}
	}
}

// A retry, a fallback or a timeout around a step decides by these.
func TestErrorIsWhatItWas(t *testing.T) {
	for _, tc := range []struct {
		outcome             string
		timeout, canceled   bool
		errorType, wantType string
	}{
		{"error", false, false, "rate_limit", "rate_limit"},
		{"timeout", true, false, "timeout", "timeout"},
		{"cancelled", false, true, "_OTHER", "_OTHER"},
	} {
		err := fmt.Errorf("around: %w", &recording.Error{Text: "text", Type: tc.errorType, Outcome: tc.outcome})
		e, _ := errors.AsType[*recording.Error](err)
		if errors.Is(err, context.DeadlineExceeded) != tc.timeout || e.Timeout() != tc.timeout ||
			errors.Is(err, context.Canceled) != tc.canceled || e.ErrorType() != tc.wantType || e.Error() != "text" {
			t.Errorf("%s: got %+v", tc.outcome, e)
		}
	}
}

// Whatever is read can be written and read again, and nothing makes Read panic.
func FuzzRead(f *testing.F) {
	f.Add([]byte(begin + "\n" + step + "\n" + end))
	f.Add([]byte(`{"id":"","run":{"v":1,"in":null}}` + "\n" + `{"id":"","step":{"err":{}}}`))
	f.Add([]byte("{}"))
	f.Add([]byte(`{"run":{"v":1}}` + "\n\n" + `{"end":{"out":"\u0000"}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		runs, err := recording.Read(bytes.NewReader(data))
		if err != nil {
			return
		}
		first := lines(t, runs)
		again, err := recording.Read(bytes.NewReader(first))
		if err != nil {
			t.Fatalf("%v of\n%s", err, first)
		}
		if second := lines(t, again); !bytes.Equal(first, second) {
			t.Errorf("got\n%s\nof\n%s", second, first)
		}
	})
}

func lines(t *testing.T, runs []*recording.Run) []byte {
	t.Helper()
	var b bytes.Buffer
	for _, run := range runs {
		all := []recording.Line{{ID: run.ID, Run: &run.Start}}
		for i := range run.Steps {
			all = append(all, recording.Line{ID: run.ID, Step: &run.Steps[i]})
		}
		if run.End != nil {
			all = append(all, recording.Line{ID: run.ID, End: run.End})
		}
		for _, line := range all {
			text, err := json.Marshal(line)
			if err != nil {
				t.Fatal(err)
			}
			b.Write(append(text, '\n'))
		}
	}
	return b.Bytes()
}

func ExampleRead() {
	runs, err := recording.Read(strings.NewReader(begin + "\n" + step + "\n" + end))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	for _, run := range runs {
		fmt.Printf("%s of %s: %d steps, %s\n", run.ID, run.Workflow, len(run.Steps), run.End.Outcome)
	}
	// Output: a of w: 1 steps, success
}
