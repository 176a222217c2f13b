package otlp

import "github.com/tta-dev/otelcol-workflow/internal/flow"

const pageSize = 64

// pages hands out readings that stay where they are, and takes all back at once.
type pages struct {
	all      []*[pageSize]flow.Reading
	used     int
	borrowed bool // some readings have strings of the batch
}

// reset takes all back, and forgets what is borrowed from the batch.
func (p *pages) reset() {
	if p.borrowed {
		for _, page := range p.all[:(p.used+pageSize-1)/pageSize] {
			clear(page[:])
		}
	}
	p.used, p.borrowed = 0, false
}

// next returns a reading of unknown content.
func (p *pages) next() *flow.Reading {
	page, at := p.used/pageSize, p.used%pageSize
	if page == len(p.all) {
		p.all = append(p.all, new([pageSize]flow.Reading))
	}
	p.used++
	return &p.all[page][at]
}
