package e2e_test

import (
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long a test waits for what must come, tick how often it looks.
const (
	patience = time.Minute
	tick     = 200 * time.Millisecond
)
