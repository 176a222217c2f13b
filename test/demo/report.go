package main

import "github.com/tta-dev/otelcol-workflow/test/rig"

// report is what the example says that it sent.
type report rig.Report
