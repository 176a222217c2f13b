// Package slo keeps the error budget of a service level objective: how many of the events of a window were
// good, how much of the budget is left, how fast it burns, and which alert policies that violates.
//
// It is a machine without a clock: whoever calls says what time it is, and the same calls with the same times
// give the same state, to the byte. There are three steps.
//
//	plan, err := slo.NewPlan(slo.Definition{…})   once per objective or group of objectives: checked, compiled
//	account := plan.Open(now)                     once per group of series: the state
//	account.Observe(at, now, slo.Counts{…})       for each increment of the indicator
//	account.Tick(now, &report)                    on a timer: closes slices and periods, judges, fills the report
//
// Tick changes the state (alerts, coverage, slices), so that a snapshot is taken after it and before its report
// is sent. [Account.AppendBinary] and [Plan.Restore] are the snapshot; between two of them a journal of the
// arguments of Observe and Tick is enough, because replaying the calls gives the same state.
//
// # What is an event
//
// [Counts] are whatever the indicator says: requests, runs, points of a histogram up to a threshold
// ([Boundary]), readings of a gauge. With [Budgeting] by slices the events decide only whether a slice of time
// was good, and the slices are what is counted.
//
//	indicator                           increment
//	good and bad in one metric          good point {n, n}     bad point {0, n}
//	good and total in two metrics       good point {n, 0}     total point {0, n}
//	bad and total in two metrics        bad point {-n, 0}     total point {n, n}
//	histogram                           Cut.Counts()
//	gauge that is good or not           {1, 1} or {0, 1}
//	gauge that is a ratio r             {r, 1}
//
// # The ring
//
// Four tiers of cells hold the last 5 minutes, 6 hours, 3 days and the longest window. An event is added to
// the one cell of every tier that covers its time; a window is the sum of the cells of the finest tier that
// reaches as far, the cell in which the window begins included:
//
//	tier  cell   cells   serves           a window W covers at least W and less than
//	T0    10 s     31    up to 5m         W + 10 s
//	T1     1 m    361    up to 6h         W + 1 m
//	T2    15 m    289    up to 3d         W + 15 m
//	T3     2 h    361    up to 30d        W + 2 h       (1,081 cells for 90d)
//
//	now 12:00:07, W = 5m       window        │11:55:07 ················ 12:00:07│
//	                           cells  │11:55:00 11:55:10│ … │11:59:50 12:00:00│12:00:00 12:00:10│
//	                                  └ counted whole
//
// A cell is a pair of float64, so that counts are exact up to 2^53 and weights are possible. The sums of
// replicas add up to the sum of the whole, which ratios do not; [Account.Merge] adds whole accounts.
//
// # The mathematics
//
// For a target T the error budget is b = 1-T, exact in decimal ([Target]). For a window W with bad of total
// events, and the period P of the objective:
//
//	burn rate    B(W) = (bad(W) / total(W)) / b           absent when total(W) is 0
//	remaining    R    = 1 - bad(P) / (b × total(P))       1 when total(P) is 0; below 0 when overspent
//	alert        B(long) > f and B(short) > f and bad(long) ≥ min bad events
//
// # Memory
//
// An account takes 17 bytes for each cell, 16 of them for the counts and 1 for the coverage, 512 bytes beside them,
// 40 for each objective and 40 for each of its policies, and 24 for each open slice:
//
//	1,042 cells × 17 + 512 + 40 + 4 × 40 = 18,426 bytes     all windows up to 30d, one objective, four policies
//
// The allocator rounds it up to 19.5 KB; it is 14.5 KB with windows up to 7d, 32.6 KB up to 90d. BenchmarkMemory
// measures both.
package slo
