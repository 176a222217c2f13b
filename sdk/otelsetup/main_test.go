package otelsetup_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// TestMain runs the tests, or is the receiver that a benchmark of them has started
// as a process of its own.
func TestMain(m *testing.M) {
	if os.Getenv("OTELSETUP_TEST_RECEIVER") != "" {
		receive()
		return
	}
	goleak.VerifyTestMain(m)
}

// receive takes and forgets what is sent to the URL that it prints, until its
// standard input ends.
func receive() {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
	}))
	defer server.Close()
	fmt.Println(server.URL)
	_, _ = io.Copy(io.Discard, os.Stdin)
}
