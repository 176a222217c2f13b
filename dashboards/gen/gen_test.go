package main

import (
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFilesAreUpToDate has the files of the repository be what the generator writes now.
func TestFilesAreUpToDate(t *testing.T) {
	fresh := t.TempDir()
	require.NoError(t, run(fresh))
	paths, err := filepath.Glob(filepath.Join(fresh, "*.json"))
	require.NoError(t, err)
	require.Len(t, paths, 3)
	for _, path := range paths {
		want, err := os.ReadFile(path)
		require.NoError(t, err)
		got, err := os.ReadFile(filepath.Join("..", filepath.Base(path)))
		require.NoError(t, err)
		assert.Equal(t, string(want), string(got), `%s is stale: run "go generate ./dashboards"`, filepath.Base(path))
	}
}

func TestAFolderThatIsNotThereIsAnError(t *testing.T) {
	assert.Error(t, run(filepath.Join(t.TempDir(), "nosuch")))
}

func TestPromQL(t *testing.T) {
	const (
		gauges     = `workflow_name=~"$workflow",service_name=~"$service"`
		workflows  = gauges + `,workflow_tenant=~"$tenant"`
		objectives = `slo_name=~"$slo",slo_service=~"$service|",workflow_name=~"$workflow|",workflow_tenant=~"$tenant|"`
	)
	for short, want := range map[string]string{
		`a{W}`:             `a{` + workflows + `}`,
		`a{W,b="c"} + d{}`: `a{` + workflows + `,b="c"} + d{}`,
		`a{G}`:             `a{` + gauges + `}`,
		`a{O,b="c"}`:       `a{` + objectives + `,b="c"}`,
		`sum by ([SLO]) a`: `sum by (slo_service, slo_name, workflow_name, service_name, workflow_tenant) a`,
		`a{b="W"}`:         `a{b="W"}`,
	} {
		assert.Equal(t, want, promql(short))
		assert.Equal(t, want, promql(promql(short)), "what is written out stays")
	}
	assert.Equal(t, `a[5m] * 3`, promql("%s[5m] * %d", "a", 3))
}

// TestEscape keeps the variables of Grafana, which it replaces in the text of a URL.
func TestEscape(t *testing.T) {
	for text, want := range map[string]string{
		``:                 ``,
		`a b&"c"`:          `a+b%26%22c%22`,
		`"${__from}"`:      `%22${__from}%22`,
		`${a} ${b.c}`:      `${a}+${b.c}`,
		`{"a": {"b": "}"}`: `%7B%22a%22%3A+%7B%22b%22%3A+%22%7D%22%7D`,
	} {
		assert.Equal(t, want, escape(text))
		back, err := url.QueryUnescape(escape(text))
		require.NoError(t, err)
		assert.Equal(t, text, back)
	}
}

func TestABoardLinksToTheOthers(t *testing.T) {
	for _, uid := range []string{overviewUID, sloUID, costUID} {
		for _, l := range links(uid) {
			assert.NotEqual(t, "/d/"+uid, l.URL)
		}
		assert.Len(t, links(uid), 2)
	}
}
