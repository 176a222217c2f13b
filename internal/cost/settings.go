package cost

import "time"

// Settings are what a catalog is compiled from. The tags are the keys of the configuration, which are also
// those of price files of ours.
type Settings struct {
	Builtin      bool               // whether the embedded prices are the lowest layer
	Files        []File             // the later wins
	Overrides    []Override         // win over all files
	Adjustments  []Adjustment       // change what the layers say; all that match multiply
	UnitPrices   []UnitPrice        // for what has no tokens; the first that matches counts
	Providers    map[string]string  // further names of providers → ids of the catalog
	DefaultPrice map[string]float64 // of unknown models, by price key; empty leaves them unpriced
	Rates        map[string][]Rate  // of currencies other than US dollars, by ISO 4217 code; ascending in time
	MatchCache   int                // names of models to remember at most; 0 means 10000
}

// File is a file of prices in memory: ours, or one of genai-prices.
type File struct {
	Path string
	Data []byte
}

// Rate is what one unit of a currency is worth from an instant until the next rate.
type Rate struct {
	From time.Time `mapstructure:"effective_from"` // the first instant; zero for ever before
	USD  float64   `mapstructure:"usd"`            // US dollars for one unit
}

// Override states a price, or that a model is to be priced like another one.
type Override struct {
	Provider string             `mapstructure:"provider"` // id of the catalog or gen_ai.provider.name; "" for any
	Model    ModelMatch         `mapstructure:"model"`
	As       string             `mapstructure:"as"`             // "provider/model" of the catalog
	From     time.Time          `mapstructure:"effective_from"` // the first instant; zero for ever before
	To       time.Time          `mapstructure:"effective_to"`   // the first instant no more; zero for ever after
	When     When               `mapstructure:"when"`
	Currency string             `mapstructure:"currency"` // of the prices, by ISO 4217; "" is US dollars
	Prices   map[string]float64 `mapstructure:"prices"`   // amounts by price key
	Tiers    []Tier             `mapstructure:"tiers"`    // ascending
	// MinSeconds is the shortest sound that is charged, in seconds.
	MinSeconds float64 `mapstructure:"min_seconds"`
}

// ModelMatch says which names of models are meant, upper and lower case alike. Exactly one field is set.
type ModelMatch struct {
	Equals string `mapstructure:"equals"`
	Prefix string `mapstructure:"prefix"`
	Glob   string `mapstructure:"glob"`  // * is any text, ? one character
	Regex  string `mapstructure:"regex"` // RE2, anywhere in the name
}

// When narrows an override to calls of a kind.
type When struct {
	ServiceTier string `mapstructure:"service_tier"` // "" is standard
	HoursUTC    string `mapstructure:"hours_utc"`    // "16:30-00:30", may pass midnight; "" is all day
}

// Tier states the prices of requests whose input is large. The whole request is charged at them.
// Exactly one bound is set.
type Tier struct {
	Above  int64              `mapstructure:"above_input_tokens"` // larger than this
	From   int64              `mapstructure:"from_input_tokens"`  // this large or larger
	Prices map[string]float64 `mapstructure:"prices"`
}

// Adjustment multiplies what a call costs, as a contract does.
type Adjustment struct {
	Name     string   `mapstructure:"name"`
	Provider string   `mapstructure:"provider"` // "" for any
	Model    string   `mapstructure:"model"`    // glob; "" for any
	Multiply *float64 `mapstructure:"multiply"` // 0.85 is 15 % off
}

// UnitPrice is the price of a tool, a machine or anything else without tokens. Exactly one of PerCall,
// PerSecond and PerUnit is set.
type UnitPrice struct {
	Name       string    `mapstructure:"name"`
	Currency   string    `mapstructure:"currency"` // of the amount, by ISO 4217; "" is US dollars
	Match      WorkMatch `mapstructure:"match"`
	PerCall    *float64  `mapstructure:"per_call"`
	PerSecond  *float64  `mapstructure:"per_second"`
	MinSeconds float64   `mapstructure:"min_seconds"` // the shortest time charged
	PerUnit    *PerUnit  `mapstructure:"per_unit"`
	ChargeOn   string    `mapstructure:"charge_on"` // "always" (also "") or "success"
}

// PerUnit is a price for each unit that an attribute counts.
type PerUnit struct {
	Attribute string  `mapstructure:"attribute"`
	Price     float64 `mapstructure:"price"`
}

// WorkMatch says which work a unit price is for. All fields that are set must match; globs are allowed.
type WorkMatch struct {
	Operation  string            `mapstructure:"operation"`
	Tool       string            `mapstructure:"tool"`
	Attributes map[string]string `mapstructure:"attributes"`
}
