package flow

// TraceID is the 16-byte identity of a trace. The zero value is invalid.
type TraceID [16]byte

// SpanID is the 8-byte identity of a span read big endian; 0 means none.
type SpanID uint64

// Kind is the span kind, numbered as in OTLP.
type Kind int8

// The span kinds of OTLP.
const (
	KindUnspecified Kind = iota
	KindInternal
	KindServer
	KindClient
	KindProducer
	KindConsumer
)

// Status is the span status code, numbered as in OTLP.
type Status int8

// The status codes of OTLP.
const (
	StatusUnset Status = iota
	StatusOK
	StatusError
)

// Span is what a span says outside its attributes. Its strings are borrowed from the
// batch it came from and must not outlive it. It is a plain value: concurrent reads are safe.
type Span struct {
	Trace   TraceID
	ID      SpanID
	Parent  SpanID // 0 for the root of a trace
	Name    string
	Scope   string // name of the instrumentation scope
	Service string // service.name of the resource, "" if the resource has none
	Kind    Kind
	Status  Status
	Start   int64 // unix nanoseconds
	End     int64 // unix nanoseconds
}

// Seconds returns how long the span took, 0 where that is not known: an end is missing, the
// clock ran backwards or jumped by more than MaxDuration.
func Seconds(start, end int64) float64 {
	if start <= 0 || end < start || end-start > MaxDuration {
		return 0
	}
	return float64(end-start) / 1e9
}

// Faults says what is wrong with the times and ids of the span.
func (s *Span) Faults() Faults {
	var f Faults
	switch {
	case s.Start <= 0 || s.End <= 0:
		f |= FaultZeroTime
	case s.End < s.Start:
		f |= FaultNegativeDuration
	case s.End-s.Start > MaxDuration:
		f |= FaultAbsurdDuration
	}
	if s.ID == 0 || s.Trace == (TraceID{}) {
		f |= FaultNoID
	}
	return f
}
