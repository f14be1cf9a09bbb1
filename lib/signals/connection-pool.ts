import { backend } from '../catalog/backend';
import { maxBy, sumBy } from '../query/promql/aggregate';
import { chosen } from '../query/promql/matcher';
import { plus, ratio } from '../query/promql/operators';
import { select } from '../query/promql/select';
import { firesAbove, legend, plot, tellsOf, type Signal } from './signal';

// The connections that each pod of the backend keeps to the database.

const ofEnvironment = { namespace: chosen('environment') } as const;

const active = select(backend.db_connections_active, ofEnvironment);
const idle = select(backend.db_connections_idle, ofEnvironment);
const most = select(backend.db_connections_max, ofEnvironment);

const usedByPod = ratio(sumBy(active, 'pod'), sumBy(most, 'pod'));

export const poolUseNow: Signal = {
  title: 'Pool in use',
  description:
    'Share of its connections that the busiest pod of the backend has in use. Above its threshold requests soon wait for a connection, and fail: find the queries that hold connections, or add pods.',
  unit: 'ratio',
  queries: [plot(maxBy(usedByPod), legend`busiest pod`)],
  watchedBy: [firesAbove('DatabaseConnectionHigh')],
};

export const poolUse: Signal = {
  title: 'Pool in use by pod',
  description:
    'Share of its connections that each pod of the backend has in use. Above the dashed line requests soon wait for a connection, and fail: find the queries that hold connections, or add pods.',
  unit: 'ratio',
  queries: [plot(usedByPod, legend`${'pod'}`)],
  watchedBy: [firesAbove('DatabaseConnectionHigh')],
};

export const poolConnections: Signal = {
  title: 'Connections of the pools',
  description:
    'Connections of all pods of the backend: in use, open but idle, and the maximum. Many idle for long means that the pools are larger than needed. All in use and none idle means that requests wait.',
  unit: 'connections',
  queries: [plot(sumBy(active), legend`active`), plot(sumBy(idle), legend`idle`), plot(sumBy(most), legend`at most`)],
  watchedBy: [tellsOf('DatabaseConnectionHigh')],
};

export const openByPod: Signal = {
  title: 'Open connections by pod',
  description:
    'Connections that each pod of the backend keeps open, in use or idle. All pods should hold about the same number. Their sum counts against the limit of the server.',
  unit: 'connections',
  queries: [plot(plus(sumBy(active, 'pod'), sumBy(idle, 'pod')), legend`${'pod'}`)],
};
