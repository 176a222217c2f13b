package costprocessor

import (
	"strings"
	"sync"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/tta-dev/otelcol-workflow/internal/cost"
	"github.com/tta-dev/otelcol-workflow/internal/flow"
)

// maxMeans is how many kinds of work the cost of a miss is known of.
const maxMeans = 1000

// work is a kind of work that a cache of answers may spare.
type work struct {
	workflow string
	name     string // of the step, or the operation of a call
}

// means are the mean costs of what a cache of answers missed. It is safe for concurrent use.
type means struct {
	mu sync.Mutex
	of map[work]mean
}

type mean struct {
	usd float64 // of all
	n   float64
}

func newMeans() *means { return &means{of: make(map[work]mean)} }

// learn adds the cost of a miss.
func (m *means) learn(w work, usd float64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	was, known := m.of[w]
	if !known {
		if len(m.of) == maxMeans {
			return
		}
		w = work{strings.Clone(w.workflow), strings.Clone(w.name)}
	}
	m.of[w] = mean{was.usd + usd, was.n + 1}
}

// get returns the mean cost of a miss, 0 if none is known.
func (m *means) get(w work) float64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	if was := m.of[w]; was.n > 0 {
		return was.usd / was.n
	}
	return 0
}

// workOf is the kind of work that a span is.
func (s *scratch) workOf(c *claim, v *flow.Verdict) work {
	r := s.seen[c.at].reading
	name := r.Step
	if r.Role == flow.RoleCall {
		name = r.Call.Operation
	}
	return work{s.workflow(v), name}
}

// learn notes what it costs when a cache of answers misses.
func (s *scratch) learn() {
	if !s.p.cfg.Savings.ResponseCache.EstimateFromMisses {
		return
	}
	for i := range s.claims {
		c := &s.claims[i]
		if usd := s.sums[c.at].usd; c.cache == flow.CacheMiss && usd > 0 {
			v := s.tree.Verdict(int(c.at))
			s.p.misses.learn(s.workOf(c, &v), usd)
		}
	}
}

// spare writes what the hits of a cache of answers saved: as the span says, else as the
// configuration does, else as much as the misses cost.
func (s *scratch) spare() {
	cfg := &s.p.cfg.Savings.ResponseCache
	for i := range s.claims {
		c := &s.claims[i]
		if c.cache != flow.CacheHit {
			continue
		}
		v := s.tree.Verdict(int(c.at))
		w := s.workOf(c, &v)
		usd, fixed := cfg.CostPerHit[w.workflow]
		switch {
		case c.explicit > 0:
			usd = c.explicit
		case !fixed && cfg.EstimateFromMisses:
			usd = s.p.misses.get(w)
		}
		s.write(c, &cost.Quote{Savings: cost.Savings{ResponseCache: usd}})
	}
}

// savedByCache is what a span says that a cache of answers saved.
func savedByCache(attributes pcommon.Map) float64 {
	v, ok := attributes.Get(attrSavingsResponseCache)
	if !ok {
		return 0
	}
	usd := 0.0
	switch v.Type() {
	case pcommon.ValueTypeDouble:
		usd = v.Double()
	case pcommon.ValueTypeInt:
		usd = float64(v.Int())
	default:
	}
	if !amount(usd) || usd > flow.MaxDollars {
		return 0
	}
	return usd
}
