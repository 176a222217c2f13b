package dashboards_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// load reads a provisioning file, whose keys must all be among those of out.
func load(t *testing.T, out any, path ...string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(append([]string{"provisioning"}, path...)...))
	require.NoError(t, err)
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	require.NoError(t, decoder.Decode(out))
}

func TestDataSources(t *testing.T) {
	var file struct {
		APIVersion  int `yaml:"apiVersion"`
		Datasources []struct {
			Name, UID, Type, Access, URL string
			IsDefault                    bool `yaml:"isDefault"`
			JSONData                     struct {
				HTTPMethod     string `yaml:"httpMethod"`
				PrometheusType string `yaml:"prometheusType"`
				TimeInterval   string `yaml:"timeInterval"`
				Exemplars      []struct {
					Name   string
					To     string `yaml:"datasourceUid"`
					Button string `yaml:"urlDisplayLabel"`
				} `yaml:"exemplarTraceIdDestinations"`
			} `yaml:"jsonData"`
		}
	}
	load(t, &file, "datasources", "otelcol-workflow.yaml")
	assert.Equal(t, 1, file.APIVersion)
	kinds := map[string]string{}
	for _, d := range file.Datasources {
		kinds[d.UID] = d.Type
	}
	assert.Equal(t, map[string]string{"prometheus": "prometheus", "tempo": "tempo"}, kinds, "what the variables of the boards choose from")
	exemplars := file.Datasources[0].JSONData.Exemplars
	require.Len(t, exemplars, 1)
	assert.Equal(t, "trace_id", exemplars[0].Name, "the label that the prometheus exporter writes")
	assert.Contains(t, kinds, exemplars[0].To)
}

func TestProviders(t *testing.T) {
	var file struct {
		APIVersion int `yaml:"apiVersion"`
		Providers  []struct {
			Name, Type, Folder string
			Options            struct{ Path string }
			UpdateInterval     int  `yaml:"updateIntervalSeconds"`
			AllowUIUpdates     bool `yaml:"allowUiUpdates"`
		}
	}
	load(t, &file, "dashboards", "otelcol-workflow.yaml")
	assert.Equal(t, 1, file.APIVersion)
	require.Len(t, file.Providers, 1)
	assert.Equal(t, "file", file.Providers[0].Type)
	guide, err := os.ReadFile(filepath.Join("..", "docs", "grafana.md"))
	require.NoError(t, err)
	assert.Contains(t, string(guide), "cp dashboards/*.json "+file.Providers[0].Options.Path+"/")
}
