// Package carrier lets a trace and the identity of a run travel where there are
// no HTTP headers: with gRPC metadata and in environment variables.
//
//	p := workflow.NewPropagator(semconv.WorkflowTenant)
//
//	p.Inject(ctx, propagation.HeaderCarrier(request.Header))  // HTTP, of OpenTelemetry
//	p.Inject(ctx, carrier.Metadata(md))                       // gRPC, md is a metadata.MD
//	env := carrier.Environ(os.Environ())                      // a child process
//	p.Inject(ctx, &env)
//	command.Env = env
//
// The other side calls Extract with the same kind of carrier. The values are
// opaque here: what is in them is the propagator's business.
package carrier
