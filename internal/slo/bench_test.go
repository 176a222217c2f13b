package slo

import (
	"testing"
	"time"
)

// allWindows is a plan with ten windows, all that the reference names.
func allWindows(tb testing.TB) *Plan {
	tb.Helper()
	d := rolling(tb, "99.9%")
	d.Windows = []time.Duration{7 * day, 28 * day}
	return planOf(tb, d)
}

// used is an account after two days of traffic at 25 events a second, 1 % of them bad.
func used(tb testing.TB, p *Plan) *stage {
	tb.Helper()
	s := &stage{account: p.Open(opening), now: opening}
	s.play(2*day, 15*time.Second, 375, 0.01, nil)
	return s
}

func BenchmarkObserve(b *testing.B) {
	s := used(b, allWindows(b))
	b.ReportAllocs()
	for b.Loop() {
		s.now = s.now.Add(time.Millisecond)
		s.account.Observe(s.now, s.now, Counts{9, 10})
	}
}

// BenchmarkTick reads ten windows and judges four policies; with errors it also walks the budget into the future.
func BenchmarkTick(b *testing.B) {
	for name, bad := range map[string]float64{"healthy": 0, "burning": 0.0004} {
		b.Run(name, func(b *testing.B) {
			p := allWindows(b)
			s := &stage{account: p.Open(opening), now: opening}
			s.play(2*day, 15*time.Second, 375, bad, nil)
			b.ReportMetric(float64(len(p.Windows())), "windows")
			b.ReportAllocs()
			for b.Loop() {
				s.now = s.now.Add(time.Millisecond)
				s.account.Tick(s.now, &s.report)
			}
		})
	}
}

func BenchmarkSnapshot(b *testing.B) {
	s := used(b, allWindows(b))
	var data []byte
	b.ReportAllocs()
	for b.Loop() {
		data, _ = s.account.AppendBinary(data[:0])
	}
	b.ReportMetric(float64(len(data)), "B/snapshot")
}

func BenchmarkRestore(b *testing.B) {
	p := allWindows(b)
	s := used(b, p)
	data, _ := s.account.AppendBinary(nil)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Restore(data, s.now); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkMemory tells what an account takes, as it says itself and as the allocator does.
func BenchmarkMemory(b *testing.B) {
	for _, longest := range []time.Duration{7 * day, DefaultRolling, MaxRolling} {
		b.Run(FormatWindow(longest), func(b *testing.B) {
			d := rolling(b, "99.9%")
			d.Window.Rolling = longest
			p := planOf(b, d)
			b.ReportAllocs()
			var a *Account
			for b.Loop() {
				a = p.Open(opening)
			}
			b.ReportMetric(float64(a.SizeBytes()), "B/account")
		})
	}
}
