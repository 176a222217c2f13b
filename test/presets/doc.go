// Package presets tests what ships against the binary that ships: every preset
// must pass `otelcol-workflow validate`.
package presets
