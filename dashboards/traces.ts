import {
  row,
  serviceMap,
  table,
  timeSeries,
  traces as traceTable,
  type Dashboard,
} from '../lib/config/dashboards/panel';
import {
  operationDuration,
  operationErrors,
  operationRate,
  operationsTable,
  queryDuration,
  queryRate,
  spansByService,
} from '../lib/signals/span-metrics';
import { spans } from '../lib/signals/trace-collector';
import {
  databaseTracesOfBackend,
  databaseTracesOfWorker,
  errorTraces,
  slowTracesOfBackend,
  slowTracesOfController,
  slowTracesOfWorker,
  whoCallsWhom,
} from '../lib/signals/trace-searches';
import { tracedService } from './variables';

export const traces: Dashboard = {
  uid: 'traces',
  description:
    'Which operations are slow or fail, and traces that show why. Only the questions to the traces themselves depend on what was kept of them.',
  variables: [tracedService],
  range: '1h',
  rows: [
    row('Operations', [
      table(operationsTable, { width: 24, height: 10, highest: 'p95', to: ['application-overview', 'logs'] }),
      timeSeries(operationRate, { height: 10, to: ['application-overview'] }),
      timeSeries(operationErrors, { height: 10, to: ['logs', 'slos'] }),
      timeSeries(operationDuration, { height: 10, to: ['logs', 'slos'] }),
    ]),
    row('Errors', [traceTable(errorTraces, { width: 24, height: 10, forEach: 'service', to: ['logs'] })]),
    row('Slow traces', [
      traceTable(slowTracesOfBackend, { width: 8, height: 10, to: ['logs', 'database-performance'] }),
      traceTable(slowTracesOfWorker, { width: 8, height: 10, to: ['logs', 'database-performance'] }),
      traceTable(slowTracesOfController, { width: 8, height: 10, to: ['logs', 'ml-scaling'] }),
    ]),
    row('Database', [
      timeSeries(queryRate, { width: 12, to: ['database-performance'] }),
      timeSeries(queryDuration, { width: 12, to: ['database-performance'] }),
      traceTable(databaseTracesOfBackend, { height: 10, to: ['database-performance'] }),
      traceTable(databaseTracesOfWorker, { height: 10, to: ['database-performance'] }),
    ]),
    row('Where traces come from', [
      serviceMap(whoCallsWhom),
      timeSeries(spansByService, { width: 6, height: 12, stacked: true, to: ['application-overview'] }),
      timeSeries(spans, { width: 6, height: 12, to: ['observability-stack'] }),
    ]),
  ],
};
