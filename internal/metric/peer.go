package metric

// What the recording rules of Sloth record, under the same names and without a unit, of which
// Prometheus would make a suffix: https://github.com/slok/sloth.
//
//nolint:gochecknoglobals // a table, never written to.
var (
	SlothError = Metric{
		"slo:sli_error:ratio_rate", "Share of the events of the window in the name that were bad.", "", Level,
		slothAttributes("sloth_window"),
	}
	SlothObjective = Metric{
		"slo:objective:ratio", "Share of events that is to be good.", "", Level, slothAttributes(),
	}
	SlothBudget = Metric{
		"slo:error_budget:ratio", "Share of events that may be bad.", "", Level, slothAttributes(),
	}
	SlothPeriod = Metric{
		"slo:time_period:days", "Length of the period that the error budget is for, in days.", "", Level, slothAttributes(),
	}
	SlothBurnRate = Metric{
		"slo:current_burn_rate:ratio", "Burn rate of the last 5 minutes.", "", Level, slothAttributes(),
	}
	SlothPeriodBurnRate = Metric{
		"slo:period_burn_rate:ratio", "Burn rate of the period.", "", Level, slothAttributes(),
	}
	SlothRemaining = Metric{
		"slo:period_error_budget_remaining:ratio", "Share of the error budget that is left.", "", Level, slothAttributes(),
	}
	SlothInfo = Metric{
		"sloth_slo_info", "What the SLO is like, always 1.", "", Level,
		slothAttributes("sloth_mode", "sloth_objective", "sloth_spec", "sloth_version"),
	}
)

func slothAttributes(further ...string) []string {
	return append([]string{"sloth_id", "sloth_service", "sloth_slo"}, further...)
}

// Of returns the metric whose name ends with the window, such as 30d.
func (m Metric) Of(window string) Metric {
	m.Name += window
	return m
}

// Sloth returns the metrics of the set sloth; to the name of SlothError a window is added.
func Sloth() []*Metric {
	return []*Metric{
		&SlothError, &SlothObjective, &SlothBudget, &SlothPeriod, &SlothBurnRate, &SlothPeriodBurnRate, &SlothRemaining, &SlothInfo,
	}
}

// What the generic recording rules of Pyrra record, under the same names:
// https://github.com/pyrra-dev/pyrra.
//
//nolint:gochecknoglobals // a table, never written to.
var (
	PyrraObjective = Metric{
		"pyrra_objective", "Share of events that is to be good.", "", Level, []string{pyrraAttribute},
	}
	PyrraWindow = Metric{
		"pyrra_window", "Length of the period that the error budget is for, in seconds.", "", Level, []string{pyrraAttribute},
	}
	PyrraAvailability = Metric{
		"pyrra_availability", "Share of the events of the period that were good.", "", Level, []string{pyrraAttribute},
	}
	PyrraRequests = Metric{
		"pyrra_requests:rate5m", "Events a second in the last 5 minutes.", "", Level, []string{pyrraAttribute},
	}
	PyrraErrors = Metric{
		"pyrra_errors:rate5m", "Bad events a second in the last 5 minutes.", "", Level, []string{pyrraAttribute},
	}
)

const pyrraAttribute = "slo"

// Pyrra returns the metrics of the set pyrra.
func Pyrra() []*Metric {
	return []*Metric{&PyrraObjective, &PyrraWindow, &PyrraAvailability, &PyrraRequests, &PyrraErrors}
}
