package rig

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// ErrInterrupted says that the user had it end early.
var ErrInterrupted = errors.New("interrupted")

// interruptedCode is what shells give a program that ended by Ctrl-C.
const interruptedCode = 130

// Main runs a program until it ends or is asked to, by a signal: that ends ctx. It
// returns the exit code, and says on stderr under the name of the program what went
// wrong.
func Main(name string, run func(ctx context.Context, args []string) error) int {
	// A closed pipe, as in `make demo | head`, must end the children too.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE)
	defer stop()
	err := run(ctx, os.Args[1:])
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return 0
	}
	_, _ = fmt.Fprintln(os.Stderr, name+":", err)
	if errors.Is(err, ErrInterrupted) {
		return interruptedCode
	}
	return 1
}
