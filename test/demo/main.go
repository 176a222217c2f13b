package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// interruptedCode is what shells give a program that ended by Ctrl-C.
const interruptedCode = 130

var errInterrupted = errors.New("interrupted")

func main() {
	// A closed pipe, as in `make demo | head`, must end the children too.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE)
	err := start(ctx, os.Args[1:])
	stop()
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
	case errors.Is(err, errInterrupted):
		fmt.Fprintln(os.Stderr, "make demo:", err)
		os.Exit(interruptedCode)
	default:
		fmt.Fprintln(os.Stderr, "make demo:", err)
		os.Exit(1)
	}
}

func start(ctx context.Context, args []string) error {
	s, err := parse(args, os.Stderr)
	if err != nil {
		return err
	}
	return run(ctx, s, screen{os.Stdout})
}
