package prometheusapi

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestResults(t *testing.T) {
	for _, tc := range []struct {
		name, body string
		want       []Sample
	}{
		{"nothing", `{"data":{"resultType":"vector","result":[]}}`, []Sample{}},
		{
			"a number", `{"data":{"resultType":"vector","result":[{"metric":{"a":"b"},"value":[1.5,"-3"]}]}}`,
			[]Sample{{Labels: map[string]string{"a": "b"}, Time: 1.5, Value: -3}},
		},
		{"a scalar", `{"data":{"resultType":"scalar","result":[2,"7"]}}`, []Sample{{Time: 2, Value: 7}}},
		{
			"a histogram", `{"data":{"resultType":"vector","result":[{"metric":{},"histogram":[1,{"count":"3","sum":"4","buckets":[[0,"1","2","3"]]}]}]}}`,
			[]Sample{{Labels: map[string]string{}, Time: 1, Buckets: []Bucket{{Low: 1, High: 2, Count: 3}}}},
		},
	} {
		got, err := parse([]byte(tc.body))
		require.NoError(t, err, tc.name)
		assert.Equal(t, tc.want, got, tc.name)
	}
}

func TestWhatIsNoResult(t *testing.T) {
	for _, body := range []string{
		`{`, `{}`,
		`{"data":{"resultType":"matrix","result":[]}}`,
		`{"data":{"resultType":"vector","result":3}}`,
		`{"data":{"resultType":"scalar","result":"x"}}`,
		`{"data":{"resultType":"vector","result":[{"value":[1,"x"]}]}}`,
		`{"data":{"resultType":"vector","result":[{"value":["x","1"]}]}}`,
		`{"data":{"resultType":"vector","result":[{"value":[1,1]}]}}`,
		`{"data":{"resultType":"vector","result":[{"histogram":["x",{}]}]}}`,
		`{"data":{"resultType":"vector","result":[{"histogram":[1,2]}]}}`,
		`{"data":{"resultType":"vector","result":[{"histogram":[1,{"buckets":[[0,"x","1","1"]]}]}]}}`,
	} {
		_, err := parse([]byte(body))
		assert.Error(t, err, body)
	}
}

func TestTimeOfAQuery(t *testing.T) {
	var asked []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.FormValue("query")+" "+r.FormValue("time"))
		_, _ = w.Write([]byte(`{"data":{"resultType":"scalar","result":[2,"7"]}}`))
	}))
	defer s.Close()
	_, err := Query(t.Context(), s.URL, "up")
	require.NoError(t, err)
	_, err = QueryAt(t.Context(), s.URL, "up", time.Unix(60, 5e8))
	require.NoError(t, err)
	assert.Equal(t, []string{"up ", "up 1970-01-01T00:01:00.5Z"}, asked)
}

func TestRefusalTellsTheQuery(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "parse error", http.StatusBadRequest)
	}))
	_, err := Query(t.Context(), s.URL, "up{")
	require.ErrorContains(t, err, "up{: 400 Bad Request: parse error")
	_, err = QueryAt(t.Context(), s.URL, "up{", time.Time{})
	require.ErrorContains(t, err, "up{: 400 Bad Request: parse error")
	s.Close()
	_, err = Query(t.Context(), s.URL, "up")
	require.Error(t, err)
}
