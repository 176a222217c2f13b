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
// Steps are values and can be shared between workflows; a *Workflow is itself
// a Step. Inside a step, [Do] marks a piece of ordinary Go code as a step of
// its own. Names become span names and metric labels: keep them few and fixed.
//
// The package needs the OpenTelemetry API only. With no SDK installed, or in a
// trace that is not sampled, steps run without spans.
package workflow
