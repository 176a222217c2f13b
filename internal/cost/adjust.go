package cost

import (
	"fmt"
	"strings"

	"github.com/tta-dev/otelcol-workflow/internal/glob"
)

// adjustment is what a contract does to the prices of some models.
type adjustment struct {
	provider string // "" for any
	model    string // glob in lower case, "" for any
	multiply float64
}

func (f *faults) compileAdjustments(c *Catalog, list []Adjustment) []adjustment {
	out := make([]adjustment, 0, len(list))
	for i := range list {
		a := &list[i]
		path := fmt.Sprintf("adjustments[%d].multiply", i)
		if a.Multiply == nil {
			f.errorf("%s: is required, such as 0.85 for 15 %% off", path)
			continue
		}
		if !(*a.Multiply >= 0) || isInf(*a.Multiply) {
			f.errorf("%s: must be >= 0, got %v", path, *a.Multiply)
		}
		out = append(out, adjustment{c.ruleProvider(a.Provider), strings.ToLower(a.Model), *a.Multiply})
	}
	return out
}

// multiplier is the product of all adjustments for a model.
func (c *Catalog) multiplier(n *name) float64 {
	product := 1.0
	for _, a := range c.adjustments {
		if a.isFor(n) {
			product *= a.multiply
		}
	}
	return product
}

func (a *adjustment) isFor(n *name) bool {
	if a.provider != "" && a.provider != n.id {
		return false
	}
	return a.model == "" || glob.Match(a.model, n.model) || n.listed != "" && glob.Match(a.model, n.listed)
}
