package prometheustest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/test/process"
)

// Sample is one series of the result of a query.
type Sample struct {
	// Labels of the series; the name is under __name__.
	Labels map[string]string
	// Time of the sample in unix seconds.
	Time float64
	// Value of the sample, 0 where it is a histogram.
	Value float64
	// Buckets of a native histogram, lowest first and without the empty ones; nil
	// where the sample is a number.
	Buckets []Bucket
}

// Bucket is one bucket of a native histogram.
type Bucket struct {
	Low, High float64
	Count     float64
}

// Query returns the result of an instant query, which must be a vector.
func (p *Prometheus) Query(tb testing.TB, expr string) []Sample {
	tb.Helper()
	req, err := http.NewRequestWithContext(tb.Context(), http.MethodGet, p.URL+"/api/v1/query?"+url.Values{"query": {expr}}.Encode(), http.NoBody)
	require.NoError(tb, err)
	body, status, err := process.Do(req)
	require.NoError(tb, err)
	require.Equal(tb, http.StatusOK, status, body)
	out, err := parse([]byte(body))
	require.NoError(tb, err, expr)
	return out
}

// Number returns the value of a query whose result is at most one number, and 0
// where it is empty.
func (p *Prometheus) Number(tb testing.TB, expr string) float64 {
	tb.Helper()
	out := p.Query(tb, expr)
	if len(out) == 0 {
		return 0
	}
	require.Len(tb, out, 1, expr)
	return out[0].Value
}

// answer is the JSON of an instant query. Numbers of samples come as [time, "value"].
type answer struct {
	Data struct {
		ResultType string `json:"resultType"`
		Result     []struct {
			Metric    map[string]string  `json:"metric"`
			Value     [2]json.RawMessage `json:"value"`
			Histogram [2]json.RawMessage `json:"histogram"`
		} `json:"result"`
	} `json:"data"`
}

func parse(body []byte) ([]Sample, error) {
	var a answer
	if err := json.Unmarshal(body, &a); err != nil {
		return nil, err
	}
	if a.Data.ResultType != "vector" {
		return nil, fmt.Errorf("the result must be a vector (got %s)", a.Data.ResultType)
	}
	out := make([]Sample, len(a.Data.Result))
	for i, r := range a.Data.Result {
		s := Sample{Labels: r.Metric}
		var err error
		if r.Histogram[1] != nil {
			s.Time, s.Buckets, err = histogram(r.Histogram)
		} else {
			s.Time, s.Value, err = number(r.Value)
		}
		if err != nil {
			return nil, err
		}
		out[i] = s
	}
	return out, nil
}

func number(pair [2]json.RawMessage) (at, value float64, err error) {
	var text string
	if err := json.Unmarshal(pair[0], &at); err != nil {
		return 0, 0, err
	}
	if err := json.Unmarshal(pair[1], &text); err != nil {
		return 0, 0, err
	}
	value, err = strconv.ParseFloat(text, 64)
	return at, value, err
}

// histogram reads buckets of the form [boundary rule, "low", "high", "count"].
func histogram(pair [2]json.RawMessage) (at float64, buckets []Bucket, err error) {
	if err := json.Unmarshal(pair[0], &at); err != nil {
		return 0, nil, err
	}
	var h struct {
		Buckets [][4]any `json:"buckets"`
	}
	if err := json.Unmarshal(pair[1], &h); err != nil {
		return 0, nil, err
	}
	buckets = []Bucket{}
	for _, raw := range h.Buckets {
		var b Bucket
		for i, to := range []*float64{&b.Low, &b.High, &b.Count} {
			if *to, err = strconv.ParseFloat(fmt.Sprint(raw[i+1]), 64); err != nil {
				return 0, nil, fmt.Errorf("bucket %v: %w", raw, err)
			}
		}
		buckets = append(buckets, b)
	}
	return at, buckets, nil
}
