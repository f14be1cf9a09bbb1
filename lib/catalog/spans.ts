import type { Service } from './components';
import { oneOf, upTo, type LabelBound } from './label-bound';
import type { Origin } from './metric';

export interface SpanAttribute {
  readonly type: 'string' | 'number';
  readonly help: string;
  readonly origin: Origin;
  readonly bound: LabelBound | 'unbounded';
}

/** Attributes that AutoServe's spans carry; names that OpenTelemetry has are OpenTelemetry's. */
export const spanAttributes = {
  'task.id': { type: 'string', help: 'The task that is processed.', origin: 'guide', bound: 'unbounded' },
  'task.type': { type: 'string', help: 'Kind of task.', origin: 'guide', bound: upTo(50, 'data_processing') },
  'task.status': { type: 'string', help: 'How the task ended.', origin: 'guide', bound: oneOf('success', 'error') },
  'task.result_size': { type: 'number', help: 'Items in the result.', origin: 'guide', bound: 'unbounded' },
  'error.message': { type: 'string', help: 'Text of the exception.', origin: 'guide', bound: 'unbounded' },
  'http.request.method': {
    type: 'string',
    help: 'HTTP method.',
    origin: 'addition',
    bound: oneOf('GET', 'POST', 'PUT', 'PATCH', 'DELETE'),
  },
  'http.route': { type: 'string', help: 'Route template.', origin: 'addition', bound: upTo(50, '/api/tasks') },
  'http.response.status_code': { type: 'number', help: 'HTTP status.', origin: 'addition', bound: upTo(20) },
  'db.system.name': { type: 'string', help: 'Kind of database.', origin: 'addition', bound: oneOf('postgresql') },
  'db.operation.name': {
    type: 'string',
    help: 'Database operation.',
    origin: 'addition',
    bound: oneOf('select', 'insert', 'update', 'delete'),
  },
  'messaging.destination.name': {
    type: 'string',
    help: 'Queue of a task.',
    origin: 'addition',
    bound: oneOf('default', 'priority'),
  },
} as const satisfies Record<string, SpanAttribute>;
export type SpanAttributeName = keyof typeof spanAttributes;

/** How much is lost with a trace that is not sampled; the profile gives each its rate. */
export const criticalities = {
  critical: 'A user waits for it, or work is lost when it fails.',
  standard: 'Part of what the service is for.',
  routine: 'Repeats by itself, and each one is like the last.',
} as const;
export type Criticality = keyof typeof criticalities;

export interface TracedService {
  /** Of every operation that is not listed. */
  readonly criticality: Criticality;
  /** A span of the service that takes longer is slow: the latency that its SLO promises. */
  readonly slowAfterSeconds: number;
  /** Operations at which traces begin and that matter more or less than the rest of the service. */
  readonly operations: Readonly<Record<string, Criticality>>;
}

/** The services that emit spans. An operation is the name of a span; health checks and scrapes are not traced. */
export const tracedServices: Readonly<Record<Service, TracedService>> = {
  backend: {
    criticality: 'critical',
    slowAfterSeconds: 0.5,
    operations: {
      'GET /api/tasks': 'standard',
      'GET /api/tasks/{id}': 'standard',
      'GET /api/users': 'standard',
      'GET /api/users/{id}': 'standard',
      'GET /api/sessions': 'routine',
      'GET /load': 'routine',
    },
  },
  worker: {
    criticality: 'critical',
    slowAfterSeconds: 60,
    operations: { 'GET /load': 'routine' },
  },
  'ml-controller': {
    criticality: 'standard',
    slowAfterSeconds: 10,
    operations: { scaling_decision: 'routine' },
  },
};
