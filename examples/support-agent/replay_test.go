package main

import (
	"testing"
)

// Replays fail as the runs did, and what was sent is what it is without them.
func TestReplaysAreNotReported(t *testing.T) {
	args := []string{"-rate", "20", "-duration", "10s", "-fault-rate", "0.5", "-seed", "3"}
	plain, replayed := runFor(t, 0, args...), runFor(t, 0, append(args, "-replay")...)
	if plain.total() != 200 || replayed.total() != 200 || plain.Runs["error"] == 0 || plain.Runs["error"] != replayed.Runs["error"] {
		t.Errorf("%v runs without replays, %v with", plain.Runs, replayed.Runs)
	}
	if len(plain.Calls) != len(replayed.Calls) || plain.Calls[0] != replayed.Calls[0] {
		t.Errorf("calls %v without replays, %v with", plain.Calls, replayed.Calls)
	}
}
