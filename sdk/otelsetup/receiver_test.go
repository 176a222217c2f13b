package otelsetup_test

import (
	"compress/gzip"
	"context"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"
)

// receiver is an OTLP receiver over HTTP and gRPC that remembers what came.
type receiver struct {
	collector.UnimplementedTraceServiceServer

	mu       sync.Mutex
	spans    map[string]map[string]string // attributes by name of the span
	resource map[string]string
	tokens   []string // of the header x-token
	paths    []string
}

func (r *receiver) take(req *collector.ExportTraceServiceRequest, token, path string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tokens = append(r.tokens, token)
	r.paths = append(r.paths, path)
	for _, rs := range req.GetResourceSpans() {
		r.resource = texts(rs.GetResource().GetAttributes())
		for _, ss := range rs.GetScopeSpans() {
			for _, s := range ss.GetSpans() {
				r.spans[s.GetName()] = texts(s.GetAttributes())
			}
		}
	}
}

func texts(attrs []*common.KeyValue) map[string]string {
	all := make(map[string]string)
	for _, kv := range attrs {
		all[kv.GetKey()] = kv.GetValue().GetStringValue()
	}
	return all
}

// names returns the spans that came, sorted.
func (r *receiver) names() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Sorted(maps.Keys(r.spans))
}

// Export is the gRPC side.
func (r *receiver) Export(ctx context.Context, req *collector.ExportTraceServiceRequest) (*collector.ExportTraceServiceResponse, error) {
	var token string
	if md, ok := metadata.FromIncomingContext(ctx); ok && len(md.Get("x-token")) > 0 {
		token = md.Get("x-token")[0]
	}
	r.take(req, token, "")
	return &collector.ExportTraceServiceResponse{}, nil
}

// ServeHTTP is the HTTP side.
func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body := io.Reader(req.Body)
	if req.Header.Get("Content-Encoding") == "gzip" {
		body, _ = gzip.NewReader(body)
	}
	raw, err := io.ReadAll(body)
	var msg collector.ExportTraceServiceRequest
	if err != nil || proto.Unmarshal(raw, &msg) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	r.take(&msg, req.Header.Get("X-Token"), req.URL.Path)
}

// overHTTP starts a receiver and returns its URL.
func overHTTP(t *testing.T) (*receiver, string) {
	t.Helper()
	r := &receiver{spans: make(map[string]map[string]string)}
	srv := httptest.NewServer(r)
	t.Cleanup(srv.Close)
	return r, srv.URL
}

// overGRPC starts a receiver and returns its URL.
func overGRPC(t *testing.T) (*receiver, string) {
	t.Helper()
	r := &receiver{spans: make(map[string]map[string]string)}
	srv := grpc.NewServer()
	collector.RegisterTraceServiceServer(srv, r)
	l := listen(t)
	var wg sync.WaitGroup
	wg.Go(func() { _ = srv.Serve(l) })
	t.Cleanup(func() { srv.Stop(); wg.Wait() })
	return r, "http://" + l.Addr().String()
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// refused returns a URL where nothing listens.
func refused(t *testing.T) string {
	t.Helper()
	l := listen(t)
	defer func() { _ = l.Close() }()
	return "http://" + l.Addr().String()
}

// silent returns a URL where connections are taken and never answered.
func silent(t *testing.T) string {
	t.Helper()
	l := listen(t)
	t.Cleanup(func() { _ = l.Close() })
	return "http://" + l.Addr().String()
}
