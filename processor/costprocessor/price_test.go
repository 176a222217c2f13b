package costprocessor

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestPricesOneCall(t *testing.T) {
	b := setUp(t, prices)
	got := b.send(t, chat(1, 0, tokens(1_000_000, 100_000)...))
	assert.Equal(t, map[string]any{
		"workflow.cost.total": 2.0, "workflow.cost.input": 1.0, "workflow.cost.output": 1.0,
		"workflow.cost.currency": "USD", "workflow.cost.source": "catalog", "workflow.cost.status": "priced",
		"workflow.cost.price_ref": "test@1/acme/a",
	}, got[1])
}
