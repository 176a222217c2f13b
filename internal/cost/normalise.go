package cost

// Normalise brings a usage to the inclusive form and cuts what cannot be: parts larger than the whole, counts
// below 0. It stops at the first that tells:
//
//  1. the Convention;
//  2. the total: 100 = 10 in + 70 read + 10 written + 10 out says that the cache is outside of the input;
//  3. a cache larger than the input, unless the provider always counts it inside;
//  4. nothing: inclusive is assumed.
//
// Reasoning is outside of the output if Convention or the total say so, or if it is larger than it.
func (s *Said) Normalise() Normal { return Normal{Usage: s.Usage} }

// ConventionOfAPI is how a provider counts in the bodies of its own API, by gen_ai.provider.name. It is for
// who copies those counts; most instrumentation converts them.
func ConventionOfAPI(provider string) Convention {
	_ = provider
	return Convention{}
}

// ConventionOfScope is how an instrumentation is known to count, by the name of its scope and the provider.
func ConventionOfScope(scope, provider string) Convention {
	_, _ = scope, provider
	return Convention{}
}
