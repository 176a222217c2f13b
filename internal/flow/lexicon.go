package flow

import "slices"

// Key names one attribute that means something to this package; 0 names none.
type Key uint32

// Lexicon maps attribute names to what they mean. It is immutable: concurrent use is safe.
type Lexicon struct{ words words }

// NewLexicon returns the Lexicon of all dialects. The names of costs are further attributes of
// what a call cost; they go before those of the dialects, and of several on one span the first
// counts. A name that a dialect has keeps its meaning.
func NewLexicon(costs ...string) *Lexicon {
	names := make([]string, 0, len(attrs)+len(costs))
	for i := range attrs {
		names = append(names, attrs[i].name)
	}
	return &Lexicon{words: newWords(append(names, costs...))}
}

// Lookup returns the key of an attribute name, or 0 when it is not known.
func (l *Lexicon) Lookup(name string) Key {
	i := l.words.find(name)
	if i >= len(attrs) {
		return keyOfCost
	}
	return Key(i + 1)
}

// keyOfCost is that of our own attribute, which outranks those of all dialects and proves none.
var keyOfCost = Key(1 + slices.IndexFunc(attrs, func(a attr) bool { return a.name == "workflow.cost.total" }))

// Use is what the value of an attribute is good for.
type Use uint8

// The uses.
const (
	UseNothing Use = iota // not known
	UseWord               // says what the span is, or names something: see Facts.ReadWords
	UseAmount             // a count of tokens or a sum of money: see Facts.ReadAmounts
	UseRunID              // tells one run from another: see Facts.RunID
)

// Use returns what the values of the key's attribute are good for.
func (k Key) Use() Use {
	i := int(k) - 1
	if i < 0 || i >= len(attrs) {
		return UseNothing
	}
	return attrs[i].field.use()
}

func (x field) use() Use {
	switch {
	case x == fieldRunID:
		return UseRunID
	case x == fieldTotal || x == fieldCurrency || 1<<x&(amounts|breakdown) != 0:
		return UseAmount
	default:
		return UseWord
	}
}
