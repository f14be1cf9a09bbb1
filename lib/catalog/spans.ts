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
