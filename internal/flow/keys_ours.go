package flow

// oursAttrs are the attributes of this project and of the system it grew from. Each block
// says where its names come from.
var oursAttrs = []attr{
	// This project's SDK, sdk/semconv.
	{"workflow.name", fieldWorkflow, 9, Ours, RoleOther},
	{"workflow.run.id", fieldRunID, 9, Ours, RoleOther},
	{"workflow.step.name", fieldStep, rankOurs, Ours, RoleOther}, // also stamped on what lies in the step
	{"workflow.step.kind", fieldStepKind, rankOurs, Ours, RoleStep},
	{"workflow.outcome", fieldOutcome, 9, Ours, RoleOther},
	{"workflow.attempt.number", fieldAttempt, 9, Ours, RoleAttempt},
	{"workflow.retry.attempts", fieldAttempts, 9, Ours, RoleOther},
	{"workflow.fallback.used", fieldFallback, 9, Ours, RoleOther},
	{"workflow.cache.hit", fieldCacheHit, 9, Ours, RoleOther},
	{"workflow.compensation.of", fieldCompensation, 9, Ours, RoleOther},
	{"workflow.circuit.state", fieldCircuit, 9, Ours, RoleOther},
	{"workflow.running", fieldRunning, 9, Ours, RoleOther},
	{"workflow.replay", fieldReplay, 9, Ours, RoleOther},
	// What the cost processor writes too, on spans of any dialect: it says nothing about whose words a span speaks.
	{"workflow.cost.total", fieldCost, 9, None, RoleOther},
	{"workflow.cost.input", fieldCostIn, 9, None, RoleOther},
	{"workflow.cost.output", fieldCostOut, 9, None, RoleOther},
	{"workflow.cost.cache_read", fieldCostCacheRead, 9, None, RoleOther},
	{"workflow.cost.cache_write", fieldCostCacheWrite, 9, None, RoleOther},
	{"workflow.cost.other", fieldCostOther, 9, None, RoleOther},
	{"workflow.cost.currency", fieldCurrency, 9, None, RoleOther},
	{"workflow.cost.status", fieldCostStatus, 9, None, RoleOther},
	{"workflow.cost.kind", fieldCostKind, 9, None, RoleOther},
	{"workflow.savings.total", fieldSavings, 9, None, RoleOther},
	{"workflow.savings.prompt_cache", fieldSavingsPart + field(MechanismPromptCache), 9, None, RoleOther},
	{"workflow.savings.response_cache", fieldSavingsPart + field(MechanismResponseCache), 9, None, RoleOther},
	{"workflow.savings.router", fieldSavingsPart + field(MechanismRouter), 9, None, RoleOther},
	{"workflow.savings.service_tier", fieldSavingsPart + field(MechanismServiceTier), 9, None, RoleOther},
	{"workflow.savings.discount", fieldSavingsPart + field(MechanismDiscount), 9, None, RoleOther},

	// TTA.dev 2025-11, primitives observability: spans primitive.*.
	{"workflow.id", fieldRunID, 3, Seed, RoleOther},
	{"primitive.name", fieldStep, 3, Seed, RoleStep},
	{"primitive.type", fieldStepKind, 3, Seed, RoleStep},
	{"step.name", fieldStep, 4, Seed, RoleStep},
	{"retry.attempt", fieldAttempt, 3, Seed, RoleOther},
	{"fallback.used_fallback", fieldFallback, 3, Seed, RoleOther},
	{"saga.compensation_triggered", fieldCompensation, 3, Seed, RoleOther},
	{"cache.hit", fieldCacheHit, 3, Seed, RoleOther},
}
