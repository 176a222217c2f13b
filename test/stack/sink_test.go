package main

import (
	"bytes"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/test/process"
	"github.com/tta-dev/otelcol-workflow/test/rig"
)

// began is when the alerts of these tests did.
var began = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func some(name, status string) alert {
	return alert{Status: status, Labels: map[string]string{"alertname": name}, StartsAt: began, Fingerprint: name}
}

// What a receiver hears again is no news, and an alert that fires anew is another one.
func TestSinkTellsWhatIsNew(t *testing.T) {
	s := &sink{}
	at := began
	take := func(receiver string, a alert) {
		at = at.Add(time.Minute)
		s.take(receiver, a, at)
	}
	take("pager", some("Other", "resolved")) // from before the sink
	take("pager", some("Down", "firing"))
	take("pager", some("Down", "firing"))
	take("team", some("Down", "firing"))
	take("pager", some("Down", "resolved"))
	again := some("Down", "firing")
	again.StartsAt = began.Add(time.Hour)
	take("pager", again)

	var news []string
	for _, e := range s.news() {
		news = append(news, fmt.Sprintln(e.at.Sub(began), e.alert.name(), e.alert.Status, e.receiver))
	}
	assert.Equal(t, []string{
		"2m0s Down firing pager\n", "4m0s Down firing team\n", "5m0s Down resolved pager\n", "6m0s Down firing pager\n",
	}, news)
	assert.Empty(t, s.news())

	all := s.all()
	require.Len(t, all, 2)
	assert.Equal(t, []string{"pager", "team"}, all[0].receivers)
	assert.Equal(t, began.Add(2*time.Minute), all[0].fired)
	assert.Equal(t, began.Add(5*time.Minute), all[0].resolved)
	assert.Zero(t, all[1].resolved)
}

func TestSinkServes(t *testing.T) {
	p := rig.Port{What: "the sink", Number: process.Ports(t, 1)[0]}
	s, err := startSink(t.Context(), p)
	require.NoError(t, err)
	defer s.stop()
	post := func(path, body string) int {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.URL(path), bytes.NewBufferString(body))
		require.NoError(t, err)
		_, status, err := process.Do(req)
		require.NoError(t, err)
		return status
	}
	assert.Equal(t, 200, post(pathAlerts, `{"receiver":"pager","alerts":[{"status":"firing","labels":{"alertname":"Down"}}]}`))
	assert.Equal(t, 400, post(pathAlerts, `{`))
	assert.Equal(t, 200, post(pathMessages, `hello`))
	assert.Equal(t, 404, post("/", ``))
	assert.Equal(t, []string{"hello"}, s.written())
	require.Len(t, s.all(), 1)
	assert.Equal(t, "Down", s.all()[0].name())

	_, err = startSink(t.Context(), p)
	require.Error(t, err, "the port is taken")
}
