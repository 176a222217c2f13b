// Command support-agent answers support tickets with a workflow, as a program
// that uses the SDK would. Its models and tools are simulated: they take their
// time, cost tokens and fail now and then, the same way for the same seed.
//
//	validate >> (search | history | policy) >> answer
//
//	invoke_workflow support
//	├─ run_step validate
//	├─ run_step gather
//	│  ├─ run_step search      embeddings text-embedding-3-small, execute_tool search_docs
//	│  ├─ run_step history     execute_tool lookup_orders
//	│  └─ run_step policy      chat gpt-4o-mini
//	└─ run_step answer         chat claude-sonnet-4-5
package main
