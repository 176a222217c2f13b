package presetprovider_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/provider/envprovider"
	"go.opentelemetry.io/collector/confmap/provider/yamlprovider"
	"go.uber.org/goleak"

	"github.com/tta-dev/otelcol-workflow/config"
	"github.com/tta-dev/otelcol-workflow/provider/presetprovider"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// resolve loads the URIs as the collector's command line does.
func resolve(t *testing.T, uris ...string) (*confmap.Conf, error) {
	t.Helper()
	resolver, err := confmap.NewResolver(confmap.ResolverSettings{
		URIs: uris,
		ProviderFactories: []confmap.ProviderFactory{
			presetprovider.NewFactory(), envprovider.NewFactory(), yamlprovider.NewFactory(),
		},
	})
	require.NoError(t, err)
	conf, err := resolver.Resolve(t.Context())
	require.NoError(t, resolver.Shutdown(t.Context()))
	return conf, err
}

const grpcEndpoint = "receivers::otlp::protocols::grpc::endpoint"

func TestEveryPresetResolves(t *testing.T) {
	require.NotEmpty(t, config.Names())
	for _, name := range config.Names() {
		t.Run(name, func(t *testing.T) {
			conf, err := resolve(t, "preset:"+name)
			require.NoError(t, err)
			assert.True(t, conf.IsSet("service::pipelines"), "a preset is a whole configuration")
			assert.Equal(t, "localhost:4317", conf.Get(grpcEndpoint), "open to this machine only, unless told")
		})
	}
}

func TestEnvironmentReachesThePreset(t *testing.T) {
	t.Setenv("LISTEN_HOST", "0.0.0.0")
	conf, err := resolve(t, "preset:standalone")
	require.NoError(t, err)
	assert.Equal(t, "0.0.0.0:4317", conf.Get(grpcEndpoint))
}

func TestAWrongEnvironmentIsRefused(t *testing.T) {
	t.Setenv("LISTEN_HOST", "::1")
	_, err := resolve(t, "preset:standalone")
	assert.ErrorContains(t, err, `preset standalone: environment variable LISTEN_HOST="::1": an IPv6 address stands in brackets: write [::1]`)
}

func TestALaterSourceOverridesThePreset(t *testing.T) {
	conf, err := resolve(t, "preset:standalone", "yaml:processors::memory_limiter::limit_mib: 7")
	require.NoError(t, err)
	assert.Equal(t, 7, conf.Get("processors::memory_limiter::limit_mib"))
	assert.Equal(t, "1s", conf.Get("processors::memory_limiter::check_interval"), "the rest stays")
}

func TestUnknownPresetIsRefused(t *testing.T) {
	for name, uri := range map[string]string{
		"misspelt":          "preset:standalon",
		"with suffix":       "preset:standalone.yaml",
		"empty":             "preset:",
		"outside of folder": "preset:../go.mod",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := resolve(t, uri)
			require.ErrorContains(t, err, `unknown preset "`+uri[len("preset:"):]+`"`)
			assert.ErrorContains(t, err, "gateway, sidecar, standalone, tta-compat")
		})
	}
}

func TestForeignSchemeIsRefused(t *testing.T) {
	p := presetprovider.NewFactory().Create(confmap.ProviderSettings{})
	_, err := p.Retrieve(t.Context(), "file:standalone", nil)
	require.ErrorContains(t, err, `"file:standalone"`)
	assert.NoError(t, p.Shutdown(t.Context()))
}
