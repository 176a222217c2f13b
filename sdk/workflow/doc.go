// Package workflow writes a workflow down as typed steps and shows each run of
// it as a trace.
//
//	support := workflow.New("support", workflow.Then3(
//		workflow.Func("validate", validate),
//		workflow.Parallel("gather",
//			workflow.Func("search", search),
//			workflow.Func("history", history)),
//		workflow.Func("answer", answer)))
//
//	reply, err := support.Run(ctx, ticket)
//
// One run of it makes these spans, all of kind internal:
//
//	invoke_workflow support
//	├─ run_step validate      path validate       index 0
//	├─ run_step gather        path gather         index 1
//	│  ├─ run_step search     path gather/search  index 0
//	│  └─ run_step history    path gather/history index 1
//	└─ run_step answer        path answer         index 2
//
// Others choose ([If], [When], [Switch], [Router]), fan out ([Both], [Map]), recover
// ([Retry], [Fallback], [Timeout], [Saga]) and remember ([Cache], [Memory],
// [Conversation]). Each shows what it decided on its span.
//
// Steps are values and can be shared between workflows; a *Workflow is itself
// a Step. Inside a step, [Do] marks a piece of ordinary Go code as a step of
// its own. Names become span names and metric labels: keep them few and fixed.
//
// Calls of models and tools are made with [LLM], [Embed] and [Tool], agents with
// [Agent] and [HandOff]. [Logger] logs what runs do, [Record] and [Replay] repeat
// them, and a [Propagator] takes them to other processes.
//
// Texts need not be UTF-8: what is not, in names, tenants, correlation ids and
// errors, becomes U+FFFD, since one such text would lose a whole batch of spans.
// The status of a span has the first 1024 bytes of the error, to the rune; the
// error that Run returns is whole.
//
// The package needs the OpenTelemetry API only. With no SDK installed, or in a
// trace that is not sampled, steps run without spans.
package workflow
