package main

import (
	"context"
	"os"

	"github.com/tta-dev/otelcol-workflow/test/rig"
)

func main() { os.Exit(rig.Main(target, begin)) }

// target is what the user typed.
const target = "make stack"

func begin(ctx context.Context, args []string) error {
	s, err := parse(args, os.Stderr)
	if err != nil {
		return err
	}
	return run(ctx, s, rig.Screen{Writer: os.Stdout})
}
