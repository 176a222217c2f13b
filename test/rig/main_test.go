package rig

import (
	"context"
	"errors"
	"flag"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestExitCodes(t *testing.T) {
	for want, all := range map[int][]error{0: {nil, flag.ErrHelp}, 1: {errors.New("broken")}, 130: {ErrInterrupted}} {
		for _, err := range all {
			assert.Equal(t, want, Main("it", func(context.Context, []string) error { return err }), err)
		}
	}
}
