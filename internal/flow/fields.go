package flow

// field is what an attribute is about, whoever wrote it.
type field uint8

const (
	fieldNone field = iota // only its presence matters

	fieldKind // what the span is, in the words of its dialect
	fieldWorkflow
	fieldRunID
	fieldStep
	fieldStepKind
	fieldOutcome
	fieldErrorType
	fieldAgent
	fieldTool
	fieldProvider
	fieldRequestModel
	fieldResponseModel
	fieldCompensation
	fieldCircuit
	fieldCostKind
	fieldCurrency
	fieldCostStatus
	fieldUsageJSON
	fieldCostJSON

	fieldRunning // first field of numbers and truth values
	fieldReplay
	fieldAttempt
	fieldAttempts
	fieldFallback
	fieldCacheHit
	fieldTotal
	fieldInput // first of the counts of a Usage, in the order of its mask
	fieldOutput
	fieldCacheRead
	fieldCacheWrite
	fieldReasoning
	fieldCacheWrite5m // first field of a Breakdown
	fieldCacheWrite1h
	fieldInputAudio
	fieldInputImage
	fieldCacheReadAudio
	fieldOutputAudio
	fieldOutputImage // last field of a Breakdown
	fieldCost
	fieldCostIn
	fieldCostOut
	fieldCostCacheRead
	fieldCostCacheWrite
	fieldCostOther
	fieldSavings
	fieldSavingsPart // as many as there are mechanisms
	fieldCount       = fieldSavingsPart + field(MechanismCount)
)

// attr is one row of a dialect table: an attribute and what it is about. Of several
// attributes about the same field the highest rank wins; of equal ranks the first written.
type attr struct {
	name    string
	field   field
	rank    uint8
	dialect Dialect
	implies Role // the role of a span which has the attribute and no kind; the highest wins
}

func concat(tables ...[]attr) []attr {
	var all []attr
	for _, t := range tables {
		all = append(all, t...)
	}
	return all
}

// attrs is every attribute this package reads; its index + 1 is its Key.
var attrs = concat(oursAttrs, genAIAttrs, observabilityAttrs, frameworkAttrs, engineAttrs)
