// Command gen writes the JSON files of the boards into the folder that it is started in,
// which `go generate ./dashboards` makes that of the package dashboards.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/tta-dev/otelcol-workflow/dashboards/internal/grafana"
)

func main() {
	if err := run("."); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// run writes a file <uid>.json for every board.
func run(folder string) error {
	for _, b := range []grafana.Board{overview(), slo(), cost()} {
		text, err := b.Encode()
		if err != nil {
			return fmt.Errorf("%s: %w", b.UID, err)
		}
		//nolint:gosec // Grafana reads them as a user of its own
		if err := os.WriteFile(filepath.Join(folder, b.UID+".json"), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
