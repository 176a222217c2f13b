// Package presetprovider reads the configurations that are embedded into the
// binary:
//
//	otelcol-workflow --config preset:standalone
//
// A preset is merged with other sources as any file is, so what a deployment
// changes stands after it: `--config preset:gateway --config file:mine.yaml`.
// The environment variables that the preset reads are checked before it is used.
package presetprovider

import (
	"context"
	"fmt"
	"strings"

	"go.opentelemetry.io/collector/confmap"

	"github.com/tta-dev/otelcol-workflow/config"
)

const scheme = "preset"

// NewFactory returns the factory of the provider for `preset:<name>`. An
// unknown name is an error that lists the known ones. The provider holds no
// state and is safe for concurrent use.
func NewFactory() confmap.ProviderFactory {
	return confmap.NewProviderFactory(func(confmap.ProviderSettings) confmap.Provider {
		return provider{}
	})
}

type provider struct{}

// Retrieve returns the preset that uri names. A preset never changes while the
// process lives, so the watcher is never called.
func (provider) Retrieve(_ context.Context, uri string, _ confmap.WatcherFunc) (*confmap.Retrieved, error) {
	name, ok := strings.CutPrefix(uri, scheme+":")
	if !ok {
		return nil, fmt.Errorf("%q is not a preset: write preset:<name>", uri)
	}
	text, ok := config.Preset(name)
	if !ok {
		return nil, fmt.Errorf("unknown preset %q: use one of %s", name, strings.Join(config.Names(), ", "))
	}
	if err := config.CheckEnvironment(text); err != nil {
		return nil, fmt.Errorf("preset %s: %w", name, err)
	}
	return confmap.NewRetrievedFromYAML(text)
}

// Scheme returns "preset".
func (provider) Scheme() string { return scheme }

// Shutdown does nothing: nothing is held.
func (provider) Shutdown(context.Context) error { return nil }
