package cost

import "strings"

// Unit is something that is counted and has a price. It indexes [Usage].
type Unit uint8

// The units. A unit that is part of another one is counted in both.
const (
	Input              Unit = iota // tokens of the prompt, all of them
	InputAudio                     // of Input
	InputImage                     // of Input
	InputVideo                     // of Input
	CacheRead                      // of Input, read from a cache
	CacheReadAudio                 // of CacheRead and InputAudio
	CacheReadImage                 // of CacheRead and InputImage
	CacheWrite                     // of Input, written to a cache
	CacheWrite1h                   // of CacheWrite, to be kept for an hour; the others are kept for five minutes
	Output                         // tokens of the answer, all of them
	OutputReasoning                // of Output
	OutputCitation                 // of Output
	OutputAudio                    // of Output
	OutputImage                    // of Output
	OutputVideo                    // of Output
	Requests                       // calls; where they have a price and none is counted, there was one
	WebSearches                    // searches of the web that the provider made
	StorageSearches                // searches of files that the provider keeps
	CodeExecutions                 // runs of code at the provider
	RerankSearches                 // searches of a reranker
	DocumentPages                  // pages read
	AnnotatedPages                 // of DocumentPages
	AudioSeconds                   // seconds of sound, heard or spoken
	InputAudioSeconds              // of AudioSeconds, heard
	OutputAudioSeconds             // of AudioSeconds, spoken
	TextMessages                   // messages of text to a voice
	UnitCount                      // the number of units
)

// part is the part of a quote that a unit is charged to.
type part uint8

const (
	partInput part = iota
	partCacheRead
	partCacheWrite
	partOutput
	partOther
	partCount
)

// unitRow is what is known of a unit.
type unitRow struct {
	name   string  // of the count, as in units of genai-prices
	price  string  // key of the price
	per    float64 // how many the price is for
	within unitSet // what it is part of, directly or not
	part   part
}

// unitSet is a set of units.
type unitSet uint32

func setOf(units ...Unit) unitSet {
	var s unitSet
	for _, u := range units {
		s |= 1 << u
	}
	return s
}

func (s unitSet) has(u Unit) bool { return s>>u&1 != 0 }

const million = 1_000_000

var unitRows = [UnitCount]unitRow{
	Input:              {"input_tokens", "input_mtok", million, 0, partInput},
	InputAudio:         {"input_audio_tokens", "input_audio_mtok", million, setOf(Input), partInput},
	InputImage:         {"input_image_tokens", "input_image_mtok", million, setOf(Input), partInput},
	InputVideo:         {"input_video_tokens", "input_video_mtok", million, setOf(Input), partInput},
	CacheRead:          {"cache_read_tokens", "cache_read_mtok", million, setOf(Input), partCacheRead},
	CacheReadAudio:     {"cache_audio_read_tokens", "cache_audio_read_mtok", million, setOf(Input, InputAudio, CacheRead), partCacheRead},
	CacheReadImage:     {"cache_image_read_tokens", "cache_image_read_mtok", million, setOf(Input, InputImage, CacheRead), partCacheRead},
	CacheWrite:         {"cache_write_tokens", "cache_write_mtok", million, setOf(Input), partCacheWrite},
	CacheWrite1h:       {"cache_write_1h_tokens", "cache_write_1h_mtok", million, setOf(Input, CacheWrite), partCacheWrite},
	Output:             {"output_tokens", "output_mtok", million, 0, partOutput},
	OutputReasoning:    {"output_reasoning_tokens", "output_reasoning_mtok", million, setOf(Output), partOutput},
	OutputCitation:     {"output_citation_tokens", "output_citation_mtok", million, setOf(Output), partOutput},
	OutputAudio:        {"output_audio_tokens", "output_audio_mtok", million, setOf(Output), partOutput},
	OutputImage:        {"output_image_tokens", "output_image_mtok", million, setOf(Output), partOutput},
	OutputVideo:        {"output_video_tokens", "output_video_mtok", million, setOf(Output), partOutput},
	Requests:           {"requests", "requests_kcount", 1000, 0, partOther},
	WebSearches:        {"web_searches", "web_searches_kcount", 1000, 0, partOther},
	StorageSearches:    {"storage_searches", "storage_searches_kcount", 1000, 0, partOther},
	CodeExecutions:     {"code_executions", "code_executions_kcount", 1000, 0, partOther},
	RerankSearches:     {"rerank_searches", "rerank_searches_kcount", 1000, 0, partOther},
	DocumentPages:      {"input_document_pages", "input_document_kpages", 1000, 0, partInput},
	AnnotatedPages:     {"input_annotated_document_pages", "input_annotated_document_kpages", 1000, setOf(DocumentPages), partInput},
	AudioSeconds:       {"audio_seconds", "audio_hours", 3600, 0, partOther},
	InputAudioSeconds:  {"input_audio_seconds", "input_audio_hours", 3600, setOf(AudioSeconds), partInput},
	OutputAudioSeconds: {"output_audio_seconds", "output_audio_hours", 3600, setOf(AudioSeconds), partOutput},
	TextMessages:       {"input_text_messages", "input_text_messages_kcount", 1000, 0, partInput},
}

// String returns the name of the count, such as input_tokens.
func (u Unit) String() string {
	if u >= UnitCount {
		return ""
	}
	return unitRows[u].name
}

// PriceKey returns the key of the price in catalogs and overrides, such as input_mtok.
func (u Unit) PriceKey() string {
	if u >= UnitCount {
		return ""
	}
	return unitRows[u].price
}

// Per returns how many of the unit a price is for, such as 1000000.
func (u Unit) Per() float64 {
	if u >= UnitCount {
		return 0
	}
	return unitRows[u].per
}

// unitOfPrice finds the unit that a key of a price belongs to.
func unitOfPrice(key string) (Unit, bool) {
	for u := range UnitCount {
		if unitRows[u].price == key {
			return u, true
		}
	}
	return 0, false
}

// knownPriceKeys lists the keys of prices for messages.
func knownPriceKeys() string {
	keys := make([]string, UnitCount)
	for u := range UnitCount {
		keys[u] = unitRows[u].price
	}
	return strings.Join(keys, ", ")
}
