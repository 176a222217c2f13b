// Command stack shows the alerts at work, for `make stack`: it builds and runs the
// collector, Prometheus with our rules, Alertmanager with our routes, and the example,
// has something go wrong for a while, and prints what fires and what resolves.
//
//	support-agent ──OTLP──► collector ◄──scrape── Prometheus ──alerts──► Alertmanager
//	  -fault errors          × REPLICAS            alerts/*.yml            alertmanager.yml
//	                                                                          │ webhooks
//	                                                     stack: sink ◄────────┘
//
// It ends all of them whatever happens, and whatever goes wrong is one line.
package main
