package flow

import "strings"

// Read says what the span means on its own. It never fails: what is malformed is flagged in
// r.Faults and read as far as possible. It overwrites r.
func (f *Facts) Read(s *Span, r *Reading) {
	f.ReadWords(s, r)
	f.ReadAmounts(s, r)
}

// ReadWords reads what the span is and what it calls things: all that follows from its name,
// scope, kind and status, from the attributes that are words and from which amounts there are.
// Spans that are alike in these have the same reading. It overwrites r.
func (f *Facts) ReadWords(s *Span, r *Reading) {
	*r = Reading{Faults: f.misworded}
	k, d, said := f.classify(s)
	r.Dialect, r.Echo = d, k.echo
	r.Workflow, r.Replay = f.get(fieldWorkflow), f.truth(fieldReplay)
	r.Outcome = f.outcome(s)
	if r.Outcome != OutcomeSuccess {
		r.ErrorType = f.get(fieldErrorType)
	}
	r.Role, r.Rank = k.role, k.rank
	if r.Rank == RankAgent && f.isStep() {
		r.Role, r.Rank = RoleStep, RankNone
	}
	f.lie(r)
	f.place(s, k, r)
	f.recovery(r)
	if r.Role == RoleCall || f.known&amounts != 0 {
		f.call(s, k, r)
	}
	if r.Role == RoleCall {
		r.Agent = f.get(fieldAgent)
		r.Rank = rankOfCall(r, said)
	}
	r.cleanNames(s)
}

// ReadAmounts adds to the words of a span what differs from span to span: tokens, money and
// what is wrong with its times, ids and numbers.
func (f *Facts) ReadAmounts(s *Span, r *Reading) {
	if f.known&amounts != 0 && !r.wrapper {
		f.usage(r)
		f.cost(r)
		f.saved(r)
	}
	r.Faults |= f.faults | s.Faults()
}

// amounts are the fields of which only the presence is a word.
const amounts = usageFields | costFields | savings

// Given is which amounts a span states. It is comparable.
type Given struct {
	known    uint64
	dialects uint32
	implied  Role
}

// None says that there are no amounts.
func (g Given) None() bool { return g.known == 0 }

// Given returns which amounts have been taken since Reset, if no words have been.
func (f *Facts) Given() Given { return Given{f.known &^ (1 << fieldRunID), f.dialects, f.implied} }

// RunID returns the id of the span's run, or "".
func (f *Facts) RunID() string { return f.get(fieldRunID) }

// rankOfCall says whether a call of a language model may be a run if it stands alone: it
// must say which model it calls, and that it is a call or whose. What does not is a part of
// something whose other spans are lost.
func rankOfCall(r *Reading, said bool) Rank {
	if r.Call.Kind == CostLLM && r.Call.Model != "" && (said || r.Name() != "") {
		return RankCall
	}
	return RankNone
}

// classify returns the row of the best known word about the kind, else what the names and
// attributes imply. Said tells whether the span says it, by a word or by its name.
func (f *Facts) classify(s *Span) (k *kind, d Dialect, said bool) {
	var best *kind
	var dialect Dialect
	rank := -1
	for i := range f.kindsLen {
		w := &f.kinds[i]
		if int(w.rank) <= rank {
			continue
		}
		if k := kindOf(w.dialect, w.value); k != nil {
			best, dialect, rank = k, w.dialect, int(w.rank)
		}
	}
	if f.dialects>>Ours&1 == 0 {
		f.listen(s.Scope)
	}
	if best == nil {
		return f.imply(s)
	}
	if f.dialects&overruling != 0 {
		if k := f.overrule(s, best); k != nil {
			return k, f.author(dialect), true
		}
	}
	return best, f.author(dialect), true
}

// author corrects the dialect of a word that others borrow: our own spans speak GenAI.
func (f *Facts) author(d Dialect) Dialect {
	if d == GenAI && f.dialects>>Ours&1 != 0 {
		return Ours
	}
	return d
}

var (
	impliedRun     = run("", RankAgent)
	impliedEngine  = run("", RankDefinite)
	impliedStep    = step("", StepKindTask)
	impliedLLM     = llm("", opChat)
	impliedTool    = tool("")
	impliedNothing = kind{rank: RankRoot}
)

// imply reads a span without a word about its kind.
func (f *Facts) imply(s *Span) (k *kind, d Dialect, said bool) {
	if n := f.named(s.Name); n != nil {
		return &n.kind, n.dialect, true
	}
	d = f.spoken()
	if k := f.operation(s.Name); k != nil {
		return k, d, true
	}
	modelless := !f.has(fieldRequestModel) && !f.has(fieldResponseModel)
	agent := f.has(fieldAgent) && (modelless || f.dialects>>PydanticAI&1 != 0)
	switch {
	case f.implied == RoleCall && agent:
		return &impliedRun, d, false
	case f.implied == RoleCall && f.has(fieldTool) && f.known&usageFields == 0:
		return &impliedTool, d, false
	case f.implied == RoleCall:
		return &impliedLLM, d, false
	case f.implied == RoleStep || f.implied == RoleAttempt:
		return &impliedStep, d, false
	case f.implied == RoleRun && (d == Airflow || d == CICD):
		return &impliedEngine, d, false
	case f.implied == RoleRun:
		return &impliedRun, d, false
	}
	return &impliedNothing, d, false
}

// spoken returns the first dialect of which the span has an attribute. Go-workflow's spans
// bear names that are also ours, but ours always say what they are.
func (f *Facts) spoken() Dialect {
	if f.dialects>>GoWorkflow&1 != 0 {
		return GoWorkflow
	}
	for d := Ours; d < DialectCount; d++ {
		if f.dialects>>d&1 != 0 {
			return d
		}
	}
	return None
}

// rankOurs is the rank of workflow.step.name and workflow.step.kind.
const rankOurs = 9

// isStep reports whether the SDK says that the span is a step, as it does of an agent in a
// run. That of other instrumentation may be the run itself.
func (f *Facts) isStep() bool { return f.has(fieldStepKind) && f.rank[fieldStepKind] == rankOurs }

// lie takes a step's name that the SDK stamped on a span of other instrumentation: it says
// where the span lies, not what it is.
//
//	run_step plan       step.name=plan  step.kind=task    is the step plan
//	invoke_agent bob    step.name=plan                    lies in it
func (f *Facts) lie(r *Reading) {
	if f.has(fieldStep) && f.rank[fieldStep] == rankOurs && !f.has(fieldStepKind) && r.Role != RoleStep {
		r.Within = f.text[fieldStep]
		f.known &^= 1 << fieldStep
	}
}

// place names the run, the step or the attempt.
func (f *Facts) place(s *Span, k *kind, r *Reading) {
	if f.truth(fieldRunning) {
		r.Role, r.Rank = RoleMarker, RankNone
		return
	}
	switch r.Role {
	case RoleRun:
		f.placeRun(s, k, r)
	case RoleStep:
		r.Step, r.StepKind = f.stepName(s), f.stepKind(k)
		if f.has(fieldAttempt) && r.Dialect == Ours {
			r.Role = RoleAttempt
		}
	case RoleOther:
		r.Step = s.Name
		if k.rank == RankRoot && k != &impliedNothing {
			r.Step = f.stepName(s)
		}
	case RoleAttempt, RoleCall, RoleMarker, RoleCount:
	}
}

// placeRun weighs a run: one that is said outright needs a name. Since semantic
// conventions GenAI 0.1 an agent's name names the workflow.
func (f *Facts) placeRun(s *Span, k *kind, r *Reading) {
	r.Step, r.StepKind = f.stepName(s), k.step
	if k.rank != RankDefinite {
		return
	}
	if r.Workflow == "" {
		r.Workflow = f.get(fieldAgent)
	}
	if r.Workflow == "" && r.Dialect != GenAI && r.Dialect != Ours {
		r.Workflow = r.Step
	}
	if r.Workflow == "" {
		r.Rank = RankWorkflow
	}
}

// stepName prefers the step's own name, then the agent's, then what follows the first
// colon of an engine's span name (RunActivity:charge), then the span's.
func (f *Facts) stepName(s *Span) string {
	if n := f.get(fieldStep); n != "" {
		return n
	}
	if n := f.get(fieldAgent); n != "" {
		return n
	}
	n := f.named(s.Name)
	if n == nil {
		return s.Name
	}
	if n.title != "" {
		return n.title
	}
	if rest := s.Name[len(n.value):]; rest != "" && n.use != byNameAlone {
		return strings.Trim(rest, " []")
	}
	return s.Name
}

func (f *Facts) stepKind(k *kind) string {
	if n := f.get(fieldStepKind); n != "" {
		return n
	}
	return k.step
}

// recovery reads what the step did when something failed, and what its cache said.
func (f *Facts) recovery(r *Reading) {
	const facts = 1<<fieldAttempts | 1<<fieldFallback | 1<<fieldCacheHit | 1<<fieldCompensation | 1<<fieldCircuit
	if f.known&facts == 0 && r.Outcome != OutcomeTimeout {
		return
	}
	if f.has(fieldAttempts) && f.number[fieldAttempts] > 1 {
		r.Recovery |= RecoveryRetry
	}
	if f.truth(fieldFallback) {
		r.Recovery |= RecoveryFallback
	}
	if r.Outcome == OutcomeTimeout && r.Role == RoleStep {
		r.Recovery |= RecoveryTimeout
	}
	if f.has(fieldCompensation) {
		r.Recovery |= RecoveryCompensation
	}
	if f.get(fieldCircuit) == "open" {
		r.Recovery |= RecoveryCircuitOpen
	}
	if f.has(fieldCacheHit) {
		r.Cache = CacheMiss
		if f.truth(fieldCacheHit) {
			r.Cache = CacheHit
		}
	}
}

// call reads the operation and the model.
func (f *Facts) call(s *Span, k *kind, r *Reading) {
	c := &r.Call
	c.Operation, c.Kind = k.operation, k.cost
	path := f.model()
	c.Model = modelName(path)
	if k.cost == CostTool {
		c.Tool = f.get(fieldTool)
		if c.Tool == "" {
			c.Tool = f.stepName(s)
		}
	} else {
		c.Provider = provider(f.get(fieldProvider), path)
	}
	if r.Role != RoleCall {
		c.Operation, c.Kind = opChat, CostLLM
	}
	f.costKind(c)
	c.Unpriced = f.get(fieldCostStatus) == "unpriced"
	r.wrapper = k.wrapper
}

// model prefers the model that answered to the one that was asked for.
func (f *Facts) model() string {
	if m := f.get(fieldResponseModel); m != "" {
		return m
	}
	return f.get(fieldRequestModel)
}

// costKind lets the span overrule the kind that follows from its operation.
func (f *Facts) costKind(c *CallReading) {
	switch f.get(fieldCostKind) {
	case "llm":
		c.Kind = CostLLM
	case "embedding":
		c.Kind = CostEmbedding
	case "tool":
		c.Kind = CostTool
	case "compute":
		c.Kind = CostCompute
	case "other":
		c.Kind = CostOther
	}
}
