package recordings_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// node is one span of a recording with its place in the tree of its trace.
type node struct {
	resource pcommon.Resource
	scope    pcommon.InstrumentationScope
	span     ptrace.Span
	parent   *node
	children []*node
}

type spanID struct {
	trace pcommon.TraceID
	span  pcommon.SpanID
}

// tree is every span of a recording, in the order of the file.
type tree []*node

// read returns the spans of a file and the one request that sends all of them.
func read(t *testing.T, dir, file string) (body []byte, spans tree) {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(dir, file))
	require.NoError(t, err)
	td, body, err := merge(body)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	byID := map[spanID]*node{}
	for _, rs := range td.ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			for _, s := range ss.Spans().All() {
				n := &node{resource: rs.Resource(), scope: ss.Scope(), span: s}
				spans = append(spans, n)
				byID[spanID{s.TraceID(), s.SpanID()}] = n
			}
		}
	}
	for _, n := range spans {
		n.parent = byID[spanID{n.span.TraceID(), n.span.ParentSpanID()}]
		if n.parent == n {
			n.parent = nil
		}
		if n.parent != nil {
			n.parent.children = append(n.parent.children, n)
		}
	}
	return body, spans
}

// merge reads the requests of a file, one after the other, and returns their spans and one
// request for all of them: the file itself where it holds but one.
func merge(file []byte) (all ptrace.Traces, body []byte, err error) {
	all = ptrace.NewTraces()
	requests := json.NewDecoder(bytes.NewReader(file))
	for n := 1; ; n++ {
		var request json.RawMessage
		err := requests.Decode(&request)
		switch {
		case errors.Is(err, io.EOF) && n == 1:
			return all, nil, errors.New("there is no request in it")
		case errors.Is(err, io.EOF) && n == 2:
			return all, file, nil
		case errors.Is(err, io.EOF):
			body, err = (&ptrace.JSONMarshaler{}).MarshalTraces(all)
			return all, body, err
		case err != nil:
			return all, nil, fmt.Errorf("request %d, before byte %d: %w", n, requests.InputOffset(), err)
		}
		td, err := (&ptrace.JSONUnmarshaler{}).UnmarshalTraces(request)
		if err != nil {
			return all, nil, fmt.Errorf("request %d: %w", n, err)
		}
		td.ResourceSpans().MoveAndAppendTo(all.ResourceSpans())
	}
}

// depth is how many ancestors the recording has of the span.
func (n *node) depth() int {
	d := 0
	for p := n.parent; p != nil && d < 1000; p = p.parent {
		d++
	}
	return d
}

// exported returns one request for each span, in the order in which a process would export
// them: as they end, children before parents.
func (spans tree) exported(t *testing.T) [][]byte {
	t.Helper()
	order := slices.Clone(spans)
	slices.SortStableFunc(order, func(a, b *node) int {
		return cmp.Or(cmp.Compare(a.span.EndTimestamp(), b.span.EndTimestamp()), -cmp.Compare(a.depth(), b.depth()))
	})
	var out [][]byte
	for _, n := range order {
		td := ptrace.NewTraces()
		rs := td.ResourceSpans().AppendEmpty()
		n.resource.CopyTo(rs.Resource())
		ss := rs.ScopeSpans().AppendEmpty()
		n.scope.CopyTo(ss.Scope())
		n.span.CopyTo(ss.Spans().AppendEmpty())
		body, err := (&ptrace.JSONMarshaler{}).MarshalTraces(td)
		require.NoError(t, err)
		out = append(out, body)
	}
	return out
}
