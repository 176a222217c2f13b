package costprocessor

import (
	"context"
	"time"

	"go.uber.org/zap"

	"github.com/tta-dev/otelcol-workflow/internal/cost"
)

// reload swaps the catalog if the files changed. Content that cannot be read is logged once.
// Fail is told of what is to end the collector.
func (p *costProcessor) reload(ctx context.Context, fail func(error)) {
	outcome, warnings, err := p.store.Reload()
	switch outcome {
	case cost.ReloadUnchanged:
		return
	case cost.ReloadSwapped:
		info := p.store.Load().Info()
		p.log.Info("new prices are in use", zap.String("version", info.Version), zap.Int("models", info.Models))
		p.warn(warnings)
		p.complainOfAge()
	case cost.ReloadFailed:
		p.log.Error("the price files cannot be read: the previous prices stay in use", zap.Error(err))
		if p.cfg.Catalog.OnReloadError == ReloadErrorFail {
			fail(err)
		}
	case cost.ReloadFailedAgain:
		return
	}
	p.tel.reloaded(ctx, outcome)
}

func (p *costProcessor) warn(warnings []string) {
	for _, w := range warnings {
		p.log.Warn(w)
	}
}

// age is how old the prices are, 0 if they bear no date.
func (p *costProcessor) age(now time.Time) time.Duration {
	date := p.store.Load().Info().Date
	if date.IsZero() {
		return 0
	}
	return max(0, now.Sub(date))
}

func (p *costProcessor) complainOfAge() {
	age, most := p.age(time.Now()), p.cfg.Catalog.MaxAge
	if most > 0 && age > most {
		p.log.Warn("the prices are older than catalog.max_age: take a newer release or a file of your own",
			zap.Duration("age", age.Round(time.Hour)), zap.Duration("max_age", most))
	}
}
