// Program gencatalog writes the prices that package cost embeds, from the providers of genai-prices.
//
//	node providers.mjs index.js | gencatalog -version 0.1.8 -date 2026-09-23 -out genai-prices.json.gz
//
// It keeps what prices need and reads the result back as the collector will, so that a release with a form, a unit
// or a pattern that is not known fails here.
package main
