package sloprocessor

import (
	"crypto/sha256"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/tta-dev/otelcol-workflow/internal/budgets"
	"github.com/tta-dev/otelcol-workflow/internal/meter"
)

// state returns the id of the state of an agreement.
func (a *agreement) state() budgets.ID {
	sum := sha256.Sum256([]byte(a.identity()))
	return budgets.ID(sum[:budgets.IDSize])
}

// stream returns the key of the stream that a point with the attributes is of. It outlives the
// process, so it is a hash that does not depend on it.
func (in *intake) stream(attributes pcommon.Map) meter.Key {
	sum := sha256.Sum256(in.identity.Point(attributes))
	return meter.Key(sum[:meter.KeySize])
}
