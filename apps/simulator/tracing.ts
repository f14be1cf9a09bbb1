import { context, propagation } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { JaegerRemoteSampler } from '@opentelemetry/sampler-jaeger-remote';
import {
  AlwaysOffSampler,
  BasicTracerProvider,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  type Sampler,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import type { Settings } from './settings';
import type { RemoteSampling } from './tracing-settings';

// For the whole process. Tracers are not registered: each simulator has its own, though several may share a process.
context.setGlobalContextManager(new AsyncLocalStorageContextManager());
propagation.setGlobalPropagator(
  new CompositePropagator({
    propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()],
  }),
);

const remoteSampler = (serviceName: string, { parentBased, ...sampling }: RemoteSampling): Sampler => {
  const root = new JaegerRemoteSampler({
    serviceName,
    endpoint: sampling.endpoint,
    poolingInterval: sampling.pollingIntervalMs,
    initialSampler: new TraceIdRatioBasedSampler(sampling.initialSamplingRate),
  });
  return parentBased ? new ParentBasedSampler({ root }) : root;
};

/** Tracers of one service. Where nobody takes its spans, its traces are as those that were not chosen. */
export const createTracerProvider = (
  { service, tracing }: Settings,
  processors: readonly SpanProcessor[],
): BasicTracerProvider => {
  const resource = defaultResource()
    .merge(resourceFromAttributes({ 'service.name': service }))
    .merge(detectResources({ detectors: [envDetector] }));
  // A remote sampler asks Jaeger from the moment it is made: not where nothing would come of it.
  const samplerOf = (name: string): { readonly sampler?: Sampler } => {
    if (processors.length === 0) return { sampler: new AlwaysOffSampler() };
    return tracing.remoteSampling ? { sampler: remoteSampler(name, tracing.remoteSampling) } : {};
  };
  return new BasicTracerProvider({
    resource,
    spanProcessors: [...processors],
    ...samplerOf(String(resource.attributes['service.name'])),
  });
};
