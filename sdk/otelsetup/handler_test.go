package otelsetup

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// newLogged returns a handler that writes bare lines to the buffer.
func newLogged() (*handler, *bytes.Buffer) {
	var buf bytes.Buffer
	return newHandler(slog.New(slog.NewTextHandler(&buf, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey || a.Key == slog.LevelKey || a.Key == slog.MessageKey {
			return slog.Attr{}
		}
		return a
	}}))), &buf
}

// The drawing of handler.
func TestErrorsDoNotFlood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, log := newLogged()
		for message := range strings.FieldsSeq("a a a b a a") {
			h.Handle(errors.New(message))
			time.Sleep(time.Second)
		}
		time.Sleep(quietFor)
		h.Handle(errors.New("a"))
		h.Handle(nil)
		time.Sleep(quietFor)
		h.Handle(errors.New("a"))
		want := "error=a\nerror=b\nerror=a suppressed=4\nerror=a\n"
		if log.String() != want {
			t.Errorf("logged\n%swant\n%s", log, want)
		}
	})
}

func TestEverDifferentErrorsDoNotFlood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, log := newLogged()
		for i := range 1000 {
			h.Handle(fmt.Errorf("request %d", i))
		}
		time.Sleep(quietFor)
		h.Handle(errors.New("last"))
		if n := strings.Count(log.String(), "\n"); n != maxMessages+1 {
			t.Errorf("%d lines", n)
		}
		if want := fmt.Sprintf("error=last suppressed=%d\n", 1000-maxMessages); !strings.HasSuffix(log.String(), want) {
			t.Errorf("no %q in\n%s", want, log)
		}
	})
}
