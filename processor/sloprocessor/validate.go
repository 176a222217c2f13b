package sloprocessor

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tta-dev/otelcol-workflow/internal/slo"
)

// Validate compiles what there is to compile and throws it away: the factory does it again.
func (c *Config) Validate() error {
	_, err := c.compile()
	return err
}

const (
	minFlush = Duration(time.Second)
	maxFlush = Duration(time.Minute)
)

// compiled is a configuration as the processor works with it.
type compiled struct {
	agreements []*agreement
	ignored    []string // objects of OpenSLO files that are of no consequence
}

// compile reads all SLOs. The error joins all that is wrong.
func (c *Config) compile() (compiled, error) {
	var errs []error
	if c.FlushInterval > maxFlush {
		errs = append(errs, fmt.Errorf("flush_interval %s is longer than 60s; exporters would drop the series as stale", c.FlushInterval))
	}
	if c.FlushInterval < minFlush {
		errs = append(errs, fmt.Errorf("flush_interval %s is shorter than 1s", c.FlushInterval))
	}
	if d := time.Duration(c.LateTolerance); d < 0 || d > slo.MaxLateTolerance {
		errs = append(errs, fmt.Errorf("late_tolerance %s must be between 0s and %s", c.LateTolerance, Duration(slo.MaxLateTolerance)))
	}
	slos := make([]imported, 0, len(c.SLOs))
	for i := range c.SLOs {
		slos = append(slos, imported{fmt.Sprintf("slos[%d]", i), c.SLOs[i]})
	}
	found, ignored, err := openSLO(c.OpenSLO)
	if slos = append(slos, found...); len(slos) == 0 && err == nil {
		err = errors.New("slos must not be empty: give each service level objective a name, an objective and an sli")
	}
	agreements, wrong := c.compileAll(slos)
	return compiled{agreements, ignored}, errors.Join(append(errs, err, wrong)...)
}

// compileAll reads SLOs, of which no two may have one name in one service.
func (c *Config) compileAll(slos []imported) (all []*agreement, err error) {
	var errs []error
	d := slo.Definition{
		LateTolerance: time.Duration(c.LateTolerance), Stale: time.Duration(c.MaxSilence), Windows: peerWindows(c.Emit),
	}
	owners := map[string]string{}
	for _, s := range slos {
		key := s.config.Service + "/" + s.config.Name
		if first, taken := owners[key]; taken {
			errs = append(errs, fmt.Errorf("%s: name %q in service %q is already used by %s", s.where, s.config.Name, s.config.Service, first))
			continue
		}
		owners[key] = s.where
		a, err := s.config.compile(s.path(), d)
		if err != nil {
			errs = append(errs, err)
		}
		all = append(all, a)
	}
	return all, errors.Join(errs...)
}

// path names an SLO in errors: that of a file is named already.
func (s *imported) path() string {
	if strings.HasPrefix(s.where, "slos[") {
		return fmt.Sprintf("%s %q", s.where, s.config.Name)
	}
	return s.where
}
