// Package flow says what a span means to a workflow: a run, a step, an attempt, a call of a
// model or a tool, or nothing. It knows the words of some two dozen frameworks and turns
// them into one set.
//
// It works in two moves. [Facts] collects the known attributes of one span, whose names a
// [Lexicon] recognises, and its Read fills a [Reading]: what the span means on its own. A
// [Tree] then looks at all spans of a batch together and returns a [Verdict] on each, since
// only nesting tells which of several spans about the same call counts and which of several
// agents is the run. What a batch cannot tell because parents come later is left to a
// [Memory].
//
//	attribute name ─Lexicon─► Key ─Facts─► Reading ─Tree─► Verdict
//	                          value          Span    ▲
//	                                               Memory
//
// All knowledge about dialects stands in tables: attributes in keys_*.go, words about kinds
// in kinds.go, providers in provider.go, outcomes in outcome.go. The cache of tokens is
// inside the input and the reasoning inside the output, whatever the dialect counts.
//
// The package imports nothing but the standard library. Reading and judging a span does not
// allocate, except where usage or cost comes as JSON.
package flow
