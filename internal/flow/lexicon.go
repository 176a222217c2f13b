package flow

// Key names one attribute. Its low half says what the attribute means to this package
// (0 = nothing), its high half which of the user's extra names it is (0 = none): an
// attribute may be both.
type Key uint32

const (
	extraShift = 16
	meaningMax = 1<<extraShift - 1
)

// Extra returns which of the extra names of the Lexicon the key stands for.
func (k Key) Extra() (index int, ok bool) {
	return int(k>>extraShift) - 1, k >= 1<<extraShift
}

// MaxExtras is how many extra names a Lexicon takes.
const MaxExtras = 32

// Lexicon maps attribute names to what they mean. It is immutable: concurrent use is safe.
type Lexicon struct {
	words words
	keys  []Key
}

// NewLexicon returns the Lexicon of all dialects and of the user's extra names, which get
// keys from FirstExtra on, in order. Only the first MaxExtras extra names are looked up.
func NewLexicon(extra ...string) *Lexicon {
	extra = extra[:min(len(extra), MaxExtras)]
	names := make([]string, 0, len(attrs)+len(extra))
	keys := make([]Key, 0, len(attrs)+len(extra))
	index := make(map[string]int, len(attrs))
	for i := range attrs {
		index[attrs[i].name] = len(names)
		names = append(names, attrs[i].name)
		keys = append(keys, Key(i+1))
	}
	for i, name := range extra {
		at, known := index[name]
		if !known {
			at = len(names)
			index[name] = at
			names, keys = append(names, name), append(keys, 0)
		}
		if keys[at]>>extraShift == 0 {
			keys[at] |= Key(i+1) << extraShift
		}
	}
	return &Lexicon{words: newWords(names), keys: keys}
}

// FirstExtra returns the smallest key of an extra name; every other key lies below it.
func (l *Lexicon) FirstExtra() Key { return 1 << extraShift }

// Lookup returns the key of an attribute name, or 0 when it is not known.
func (l *Lexicon) Lookup(name string) Key {
	if i := l.words.find(name); i >= 0 {
		return l.keys[i]
	}
	return 0
}

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
	i := int(k&meaningMax) - 1
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
