package flow

import "strings"

// outcomes are the words of the dialects for how a span ended.
var outcomes = []struct {
	word    string
	outcome Outcome
}{
	{"success", OutcomeSuccess},
	{"error", OutcomeError},
	{"timeout", OutcomeTimeout},
	{"cancelled", OutcomeCancelled},
	{"skipped", OutcomeSkipped},
	{"compensated", OutcomeCompensated}, // workflow.outcome
	{"failure", OutcomeError},
	{"cancellation", OutcomeCancelled},
	{"skip", OutcomeSkipped}, // cicd.pipeline.result
	{"Succeeded", OutcomeSuccess},
	{"Failed", OutcomeError},
	{"Canceled", OutcomeCancelled},
	{"Skipped", OutcomeSkipped}, // go-workflow
}

var outcomeWords = func() words {
	list := make([]string, len(outcomes))
	for i := range outcomes {
		list[i] = outcomes[i].word
	}
	return newWords(list)
}()

// outcome prefers what the span says to its status, which knows only error and not.
func (f *Facts) outcome(s *Span) Outcome {
	if w := f.get(fieldOutcome); w != "" {
		if i := outcomeWords.find(w); i >= 0 {
			return outcomes[i].outcome
		}
	}
	if s.Status != StatusError {
		return OutcomeSuccess
	}
	return outcomeOfError(f.get(fieldErrorType))
}

// outcomeOfError tells timeouts and cancellations by the usual names of their errors:
// timeout, DeadlineExceeded, TimeoutError, context.Canceled, CancelledError, 504.
func outcomeOfError(errorType string) Outcome {
	switch {
	case errorType == "":
		return OutcomeError
	case hasAny(errorType, "imeout", "eadline", "TIMEOUT", "DEADLINE"), errorType == "504", errorType == "408":
		return OutcomeTimeout
	case hasAny(errorType, "ancel", "CANCEL"):
		return OutcomeCancelled
	}
	return OutcomeError
}

func hasAny(s string, parts ...string) bool {
	for _, p := range parts {
		if strings.Contains(s, p) {
			return true
		}
	}
	return false
}
