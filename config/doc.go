// Package config holds the ready-made collector configurations, called presets.
//
// Each <name>.yaml beside this file is a whole configuration that starts as it
// is; what a deployment has to say differs only in environment variables, each
// with a default. The files are part of the binary, which reads them under
// `preset:<name>`.
package config
