package flow

// engineAttrs are the attributes of workflow engines. Each block says where its names come
// from.
var engineAttrs = []attr{
	// Temporal sdk-go 1.3x, interceptor/tracing_interceptor.go.
	{"temporalWorkflowID", fieldNone, 0, Temporal, RoleOther},
	{"temporalRunID", fieldRunID, 4, Temporal, RoleOther},
	{"temporalActivityID", fieldNone, 0, Temporal, RoleStep},

	// durabletask-go 0.6 and Dapr 1.15: spans orchestration||{name}||{version}.
	{"durabletask.type", fieldKind, 5, DurableTask, RoleOther},
	{"durabletask.task.name", fieldStep, 4, DurableTask, RoleOther},
	{"durabletask.task.instance_id", fieldRunID, 4, DurableTask, RoleOther},

	// Apache Airflow 3.
	{"airflow.dag_id", fieldWorkflow, 4, Airflow, RoleRun},
	{"airflow.dag_run.dag_id", fieldWorkflow, 4, Airflow, RoleRun},
	{"airflow.dag_run.run_id", fieldRunID, 4, Airflow, RoleOther},
	{"airflow.task_id", fieldStep, 4, Airflow, RoleStep},

	// Azure go-workflow 0.1, consts.go. Its workflow.step.name is also ours; these two are not.
	{"workflow.step.status", fieldOutcome, 4, GoWorkflow, RoleStep},
	{"workflow.step.attempt", fieldNone, 0, GoWorkflow, RoleStep},
}
