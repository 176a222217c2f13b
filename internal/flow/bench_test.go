package flow

import "testing"

// sdkSpan is a step span as the SDK writes it: eight attributes.
var sdkSpan = []struct{ name, text string }{
	{"gen_ai.operation.name", "run_step"},
	{"workflow.name", "checkout"},
	{"workflow.run.id", "0193f2c8-7c1e-7aaf-9c11-6b5a1f8f2b10"},
	{"workflow.step.name", "charge"},
	{"workflow.step.kind", "task"},
	{"workflow.step.path", "pay/charge"},
	{"workflow.step.index", ""},
	{"workflow.outcome", "success"},
}

func BenchmarkLookup(b *testing.B) {
	l := NewLexicon()
	b.ReportAllocs()
	for b.Loop() {
		for i := range sdkSpan {
			l.Lookup(sdkSpan[i].name)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(sdkSpan)), "ns/name")
}

func readStep(l *Lexicon, f *Facts, s *Span, r *Reading) {
	f.Reset()
	for i := range sdkSpan {
		k := l.Lookup(sdkSpan[i].name)
		if k != 0 {
			f.Text(k, sdkSpan[i].text)
		}
	}
	f.Read(s, r)
}

func BenchmarkSpan(b *testing.B) {
	const batch = 512
	l, f, t := NewLexicon(), new(Facts), new(Tree)
	spans := makeBatch(batch)
	var r Reading
	b.ReportAllocs()
	for b.Loop() {
		t.Reset()
		for i := range spans {
			readStep(l, f, &spans[i], &r)
			t.Add(&spans[i], &r)
		}
		t.Resolve(nil)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/batch, "ns/span")
}

func BenchmarkRead(b *testing.B) {
	l, f := NewLexicon(), new(Facts)
	s := &makeBatch(1)[0]
	var r Reading
	b.ReportAllocs()
	for b.Loop() {
		readStep(l, f, s, &r)
	}
}

func BenchmarkTree(b *testing.B) {
	const batch = 512
	t := new(Tree)
	spans := makeBatch(batch)
	r := Reading{Role: RoleStep, Workflow: "checkout"}
	b.ReportAllocs()
	for b.Loop() {
		t.Reset()
		for i := range spans {
			t.Add(&spans[i], &r)
		}
		t.Resolve(nil)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/batch, "ns/span")
}

// makeBatch returns traces of eight spans, children first, as an exporter sends them.
func makeBatch(n int) []Span {
	spans := make([]Span, n)
	for i := range spans {
		s := &spans[i]
		*s = Span{ID: SpanID(i+1) * 0x9E3779B97F4A7C15, Name: "run_step charge", Start: 1, End: 2}
		s.Trace[0], s.Trace[8], s.Trace[9] = 1, byte(i/8), byte(i/8>>8)
		if i%8 != 7 {
			s.Parent = SpanID(i/8*8+8) * 0x9E3779B97F4A7C15
		}
	}
	return spans
}
