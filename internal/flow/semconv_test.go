package flow

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sdkNames are the constants of the SDK's semconv package. It is read as text: the two
// modules do not import each other, and still must spell their names alike.
func sdkNames(t *testing.T) map[string]string {
	t.Helper()
	const dir = "../../sdk/semconv"
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	names := map[string]string{}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, e.Name()), nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 {
				return true
			}
			if lit, ok := spec.Values[0].(*ast.BasicLit); ok && lit.Kind == token.STRING {
				names[spec.Names[0].Name], err = strconv.Unquote(lit.Value)
				require.NoError(t, err)
			}
			return true
		})
	}
	require.Greater(t, len(names), 50, "the SDK's names were not found")
	return names
}

// unread are the attributes which the SDK writes for people and other programs: nothing is
// counted by them.
var unread = map[string]bool{
	"workflow.version": true, "workflow.tenant": true, "workflow.correlation_id": true,
	"workflow.step.path": true, "workflow.step.index": true, "workflow.fallback.index": true,
	"workflow.branch.name": true, "workflow.router.choice": true, "workflow.parallel.size": true, "workflow.timeout_ms": true,
	"workflow.retry.delay_ms": true, "workflow.router.reason": true, "workflow.router.candidates": true, "workflow.router.tier": true,
	"workflow.parallel.limit": true, "workflow.cache.shared": true, "workflow.cache.error": true,
	"workflow.memory.operation": true, "workflow.memory.entries": true, "workflow.link.type": true,
	"workflow.hedge.count": true, "workflow.limiter.limit": true, "workflow.limiter.inflight": true,
	"workflow.cost.reasoning": true, "workflow.cost.source": true, "workflow.cost.reason": true,
	"workflow.cost.price_ref": true, "workflow.cost.service_tier": true, "workflow.cost.usage_semantics": true,
	"workflow.causation_id": true, "workflow.checkpoints": true, "workflow.attempt.max": true,
	"workflow.handoff.from": true, "workflow.handoff.reason": true,
	"gen_ai.response.id": true, "gen_ai.response.finish_reasons": true, "gen_ai.response.time_to_first_chunk": true,
	"gen_ai.input.messages": true, "gen_ai.output.messages": true, "gen_ai.tool.call.arguments": true, "gen_ai.tool.call.result": true,
	"gen_ai.token.type": true, "workflow.savings.mechanism": true, // of metrics
}

// TestEveryNameOfTheSDKIsKnown fails when the SDK learns a name that this package neither
// reads nor means to leave.
func TestEveryNameOfTheSDKIsKnown(t *testing.T) {
	for constant, name := range sdkNames(t) {
		if !isAttribute(constant) {
			continue
		}
		known := lexicon.Lookup(name) != 0
		assert.NotEqual(t, unread[name], known, "%s = %q: reads it %v, means to leave it %v", constant, name, known, unread[name])
	}
}

// isAttribute tells the constants that are keys from those that are values.
func isAttribute(constant string) bool {
	for _, prefix := range []string{"Workflow", "GenAI"} {
		if strings.HasPrefix(constant, prefix) {
			return true
		}
	}
	return constant == "ErrorType"
}

// TestEveryNameOfOursIsOfTheSDK is the other direction.
func TestEveryNameOfOursIsOfTheSDK(t *testing.T) {
	written := map[string]bool{}
	for _, name := range sdkNames(t) {
		written[name] = true
	}
	for i := range oursAttrs {
		if a := &oursAttrs[i]; a.dialect == Ours {
			assert.True(t, written[a.name], "the SDK does not know %q", a.name)
		}
	}
}

// TestEveryValueOfTheSDKIsUnderstood goes through the fixed vocabularies.
func TestEveryValueOfTheSDKIsUnderstood(t *testing.T) {
	kinds := []string{
		StepKindTask, StepKindSequential, StepKindParallel, StepKindConditional, StepKindSwitch, StepKindRouter,
		StepKindRetry, StepKindFallback, StepKindTimeout, StepKindCache, StepKindSaga, StepKindMap,
	}
	seen := map[string]int{}
	for constant, value := range sdkNames(t) {
		switch {
		case strings.HasPrefix(constant, "Operation"):
			seen["operation"]++
			assert.NotNil(t, kindOf(GenAI, value), "operation %q", value)
		case strings.HasPrefix(constant, "StepKind"):
			seen["kind"]++
			assert.Contains(t, kinds, value)
		case strings.HasPrefix(constant, "Outcome"):
			seen["outcome"]++
			i := outcomeWords.find(value)
			require.GreaterOrEqual(t, i, 0, "outcome %q", value)
			assert.Equal(t, value, outcomes[i].outcome.String())
		}
	}
	assert.Equal(t, map[string]int{"operation": 6, "kind": len(kinds), "outcome": 6}, seen)
}
