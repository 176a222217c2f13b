// Package prometheusapi asks a running Prometheus.
package prometheusapi

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
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

// client leaves no idle connection, and so no goroutine, behind.
var client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Minute}

// Query returns the result of an instant query at the time that Prometheus has. The
// address is that of the server, such as http://localhost:9090. A result that is a
// scalar is one sample without labels. It is safe for concurrent use.
func Query(ctx context.Context, address, expr string) ([]Sample, error) {
	return ask(ctx, address, url.Values{"query": {expr}})
}

// QueryAt is [Query] at another time.
func QueryAt(ctx context.Context, address, expr string, at time.Time) ([]Sample, error) {
	return ask(ctx, address, url.Values{"query": {expr}, "time": {at.UTC().Format(time.RFC3339Nano)}})
}

func ask(ctx context.Context, address string, values url.Values) ([]Sample, error) {
	body, err := get(ctx, address+"/api/v1/query?"+values.Encode())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", values.Get("query"), err)
	}
	out, err := parse(body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", values.Get("query"), err)
	}
	return out, nil
}

// get returns an answer with status 200.
func get(ctx context.Context, address string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, err
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", resp.Status, body)
	}
	return body, err
}

// answer is the JSON of an instant query. Numbers come as [time, "value"].
type answer struct {
	Data struct {
		ResultType string          `json:"resultType"`
		Result     json.RawMessage `json:"result"`
	} `json:"data"`
}

// series is one of the series of a vector.
type series struct {
	Metric    map[string]string  `json:"metric"`
	Value     [2]json.RawMessage `json:"value"`
	Histogram [2]json.RawMessage `json:"histogram"`
}

func parse(body []byte) ([]Sample, error) {
	var a answer
	if err := json.Unmarshal(body, &a); err != nil {
		return nil, err
	}
	var all []series
	switch a.Data.ResultType {
	case "vector":
		if err := json.Unmarshal(a.Data.Result, &all); err != nil {
			return nil, err
		}
	case "scalar":
		all = make([]series, 1)
		if err := json.Unmarshal(a.Data.Result, &all[0].Value); err != nil {
			return nil, err
		}
	default:
		return nil, fmt.Errorf("the result must be a vector or a scalar (got %q)", a.Data.ResultType)
	}
	out := make([]Sample, len(all))
	for i, one := range all {
		var err error
		if out[i], err = one.sample(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (r *series) sample() (s Sample, err error) {
	s.Labels = r.Metric
	if r.Histogram[1] != nil {
		s.Time, s.Buckets, err = histogram(r.Histogram)
	} else {
		s.Time, s.Value, err = number(r.Value)
	}
	return s, err
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
