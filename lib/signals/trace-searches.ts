import { Duration } from 'cdk8s';
import type { Service } from '../catalog/components';
import { tracedServices } from '../catalog/spans';
import { prometheusDuration } from '../units/duration';
import { searchTraces, type Signal } from './signal';
import { traceLimit, traceQueries } from './traces';

// The guide's common questions to Jaeger, of each service. Of its answer each row leads to the trace.

export const errorTraces: Signal = {
  title: 'Error traces of $service',
  description: `The latest ${traceLimit} traces in which the service failed. Open one: the deepest span with an error is where it began.`,
  unit: 'traces',
  queries: [searchTraces({ ...traceQueries.errors, service: '$service' })],
  emptyWhileWell: 'No trace with an error was kept.',
};

const slowTraces = (service: Service): Signal => {
  const promised = Duration.millis(tracedServices[service].slowAfterSeconds * 1000);
  return {
    title: `Slow traces of ${service}`,
    description: `The latest ${traceLimit} traces through the service with a span that took longer than ${prometheusDuration(promised)}, the limit of its objective. The longest span without a child is what to make faster.`,
    unit: 'traces',
    queries: [searchTraces({ ...traceQueries.slow, service, minDuration: promised })],
    emptyWhileWell: `Nothing took longer than ${prometheusDuration(promised)}.`,
  };
};

export const slowTracesOfBackend = slowTraces('backend');
export const slowTracesOfWorker = slowTraces('worker');
export const slowTracesOfController = slowTraces('ml-controller');

const databaseTraces = (service: Service): Signal => ({
  title: `Database queries of ${service}`,
  description: `The latest ${traceLimit} traces in which the service queried the database. Open one for its queries and their times. Many alike in a row should be one query.`,
  unit: 'traces',
  queries: [searchTraces({ ...traceQueries.databaseOperations, service })],
});

export const databaseTracesOfBackend = databaseTraces('backend');
export const databaseTracesOfWorker = databaseTraces('worker');

export const whoCallsWhom: Signal = {
  title: traceQueries.dependencies.title,
  description:
    'Which service calls which, and how often, in the latest traces of the time shown. An edge that is missing or new is a changed dependency. Where traces are kept in OpenSearch, it stays empty until the job that counts the calls has run.',
  unit: 'requests',
  queries: [searchTraces(traceQueries.dependencies)],
};
