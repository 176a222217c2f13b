package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tta-dev/otelcol-workflow/internal/cost"
)

// litellmUnits maps the keys of LiteLLM, which are for one, to units. Prices of images, pixels and characters have
// no unit that spans count.
var litellmUnits = map[string]cost.Unit{
	"input_cost_per_token":                      cost.Input,
	"input_cost_per_audio_token":                cost.InputAudio,
	"input_cost_per_image_token":                cost.InputImage,
	"cache_read_input_token_cost":               cost.CacheRead,
	"cache_read_input_audio_token_cost":         cost.CacheReadAudio,
	"cache_creation_input_token_cost":           cost.CacheWrite,
	"cache_creation_input_token_cost_above_1hr": cost.CacheWrite1h,
	"output_cost_per_token":                     cost.Output,
	"output_cost_per_reasoning_token":           cost.OutputReasoning,
	"output_cost_per_audio_token":               cost.OutputAudio,
	"output_cost_per_image_token":               cost.OutputImage,
	"input_cost_per_second":                     cost.AudioSeconds,
}

var (
	litellmTier    = regexp.MustCompile(`_above_(\d+)k_tokens`)
	litellmService = regexp.MustCompile(`_(flex|priority|batches)$`)
)

// priceList is a price file of ours, as package cost reads it.
type priceList struct {
	Source string   `json:"source"`
	Prices []priced `json:"prices"`
}

type priced struct {
	Provider string             `json:"provider"`
	Model    map[string]string  `json:"model"`
	When     map[string]string  `json:"when,omitempty"`
	Prices   map[string]float64 `json:"prices"`
	Tiers    []tier             `json:"tiers,omitempty"`
}

type tier struct {
	Above  int                `json:"above_input_tokens"`
	Prices map[string]float64 `json:"prices"`
}

// convertLiteLLM turns model_prices_and_context_window.json into a price file of ours. Of entries that would be
// for the same calls the first in the order of their keys stays. It says how many entries have no price that can be
// told: those of 0 too, which there often means unknown.
func convertLiteLLM(data []byte) (text string, left int, err error) {
	var entries map[string]map[string]any
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.UseNumber()
	if err := d.Decode(&entries); err != nil {
		return "", 0, fmt.Errorf("no price file of LiteLLM: %w", err)
	}
	delete(entries, "sample_spec")
	out := priceList{Source: "litellm"}
	seen := map[string]bool{}
	for _, key := range slices.Sorted(maps.Keys(entries)) {
		list := convertEntry(key, entries[key])
		if len(list) == 0 || seen[list[0].Provider+"/"+list[0].Model["equals"]] {
			left++
			continue
		}
		seen[list[0].Provider+"/"+list[0].Model["equals"]] = true
		out.Prices = append(out.Prices, list...)
	}
	encoded, err := json.MarshalIndent(out, "", "  ")
	return string(encoded) + "\n", left, err
}

// convertEntry returns the prices of a model at each service tier, the standard one first; none if the model
// has no standard price above 0.
func convertEntry(key string, fields map[string]any) []priced {
	provider, model := litellmNames(key, fields)
	byTier := map[string]*priced{}
	steps := map[string]map[int]map[string]float64{}
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		unit, service, above, amount, ok := litellmPrice(field, fields[field])
		if !ok {
			continue
		}
		p := byTier[service]
		if p == nil {
			p = &priced{Provider: provider, Model: map[string]string{"equals": model}, Prices: map[string]float64{}}
			byTier[service], steps[service] = p, map[int]map[string]float64{}
		}
		if above == 0 {
			p.Prices[unit.PriceKey()] = amount
			continue
		}
		if steps[service][above] == nil {
			steps[service][above] = map[string]float64{}
		}
		steps[service][above][unit.PriceKey()] = amount
	}
	var list []priced
	for _, service := range slices.Sorted(maps.Keys(byTier)) { // "" is the standard one
		p := byTier[service]
		if service != "" {
			p.When = map[string]string{"service_tier": service}
		} else {
			dropParts(p.Prices)
		}
		p.addTiers(steps[service])
		if len(p.Prices) > 0 {
			list = append(list, *p)
		}
	}
	if len(list) == 0 || list[0].When != nil || free(list[0].Prices) {
		return nil
	}
	return list
}

// litellmNames are the provider, and the model without the provider in front.
func litellmNames(key string, fields map[string]any) (provider, model string) {
	provider, _ = fields["litellm_provider"].(string)
	if strings.HasPrefix(provider, "vertex_ai") {
		provider = "vertex_ai"
	}
	head, rest, ok := strings.Cut(key, "/")
	if ok && (head == provider || provider == "vertex_ai" && head == "vertex_ai" || provider == "bedrock_converse" && head == "bedrock") {
		key = rest
	}
	return provider, strings.ToLower(key)
}

// litellmPrice reads one field: cache_read_input_token_cost_above_272k_tokens_flex and the like.
func litellmPrice(field string, value any) (unit cost.Unit, service string, above int, amount float64, ok bool) {
	number, isNumber := value.(json.Number)
	if !isNumber {
		return 0, "", 0, 0, false
	}
	if m := litellmService.FindStringSubmatch(field); m != nil {
		field, service = strings.TrimSuffix(field, m[0]), cmp.Or(map[string]string{"batches": "batch"}[m[1]], m[1])
	}
	if m := litellmTier.FindStringSubmatch(field); m != nil {
		thousands, err := strconv.Atoi(m[1])
		if err != nil {
			return 0, "", 0, 0, false
		}
		field, above = strings.Replace(field, m[0], "", 1), thousands*1000
	}
	unit, ok = litellmUnits[field]
	exact, isRat := new(big.Rat).SetString(number.String())
	if !ok || !isRat || exact.Sign() < 0 {
		return 0, "", 0, 0, false
	}
	// Exact, so that 1.25e-06 of one becomes 1.25 of a million.
	amount, _ = exact.Mul(exact, new(big.Rat).SetFloat64(unit.Per())).Float64()
	return unit, service, above, amount, true
}

// dropParts drops prices of parts whose whole has none.
func dropParts(prices map[string]float64) {
	for _, x := range [][2]cost.Unit{
		{cost.CacheWrite, cost.Input},
		{cost.CacheWrite1h, cost.CacheWrite},
		{cost.CacheRead, cost.Input},
		{cost.OutputReasoning, cost.Output},
	} {
		if _, ok := prices[x[1].PriceKey()]; !ok {
			delete(prices, x[0].PriceKey())
		}
	}
}

// addTiers adds the tiers of the prices that there are.
func (p *priced) addTiers(steps map[int]map[string]float64) {
	for _, above := range slices.Sorted(maps.Keys(steps)) {
		prices := steps[above]
		maps.DeleteFunc(prices, func(key string, _ float64) bool { _, ok := p.Prices[key]; return !ok })
		if len(prices) > 0 {
			p.Tiers = append(p.Tiers, tier{above, prices})
		}
	}
}

func free(prices map[string]float64) bool {
	for _, amount := range prices {
		if amount > 0 {
			return false
		}
	}
	return true
}
