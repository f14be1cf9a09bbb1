import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { services } from '../../../lib/catalog/components';
import { logFields, logLevels } from '../../../lib/catalog/logs';
import { logLineSchema } from '../../../lib/config/log-schema';
import { guideLine } from '../catalog/guide-line';

const ajv = new Ajv2020({ strict: true, allErrors: true });
addFormats(ajv);
const validate = ajv.compile(logLineSchema);

const trace = { trace_id: '4bf92f3577b34da6a3ce929d0e0e4736', span_id: '00f067aa0ba902b7' };

/** Where a line that has these fields besides the sample's breaks the contract. */
const check = (fields: Readonly<Record<string, unknown>>) => {
  const line = JSON.stringify({ ...guideLine, ...fields });
  validate(JSON.parse(line));
  return (validate.errors ?? []).map(({ instancePath, message = '' }) => `${instancePath}: ${message}`);
};

test.each<readonly [string, Readonly<Record<string, unknown>>]>([
  ["the guide's own sample", {}],
  ['a line of a trace', trace],
  ['a line with fields of its own', { order: 7, metadata: { anything: [1, null] } }],
  ['a failed task', { service: 'worker', module: 'billing', task_status: 'FAILURE' }],
  ['a scaling decision', { service: 'ml-controller', module: 'scaler', action: 'scale_up' }],
  ['a time without a part of a second', { timestamp: '2024-01-01T12:00:00Z' }],
])('%s passes', (_, fields) => {
  expect(check(fields)).toEqual([]);
});

test('every level and every service passes', () => {
  for (const level of Object.keys(logLevels)) expect(check({ level })).toEqual([]);
  for (const service of services) expect(check({ service })).toEqual([]);
});

test.each(Object.entries(logFields).flatMap(([name, { required }]) => (required ? [name] : [])))(
  'a line without %s fails',
  (name) => {
    expect(check({ [name]: undefined })).toEqual([`: must have required property '${name}'`]);
  },
);

test.each<readonly [string, Readonly<Record<string, unknown>>, path: string]>([
  ['a level in small letters', { level: 'warn' }, '/level'],
  ['a level of another language', { level: 'WARNING' }, '/level'],
  ['a service that nobody knows', { service: 'frontend' }, '/service'],
  ['a trace id without a span id', { trace_id: trace.trace_id }, ''],
  ['a span id without a trace id', { span_id: trace.span_id }, ''],
  ['a trace id of zeros, which is no trace', { ...trace, trace_id: '0'.repeat(32) }, '/trace_id'],
  ['a span id of zeros, which is no span', { ...trace, span_id: '0'.repeat(16) }, '/span_id'],
  ['a trace id in capitals', { ...trace, trace_id: trace.trace_id.toUpperCase() }, '/trace_id'],
  ['a trace id with dashes', { ...trace, trace_id: '4bf92f35-77b3-4da6-a3ce-929d0e0e4736' }, '/trace_id'],
  ['a local time', { timestamp: '2024-01-01T12:00:00.123+01:00' }, '/timestamp'],
  ['a time in seconds since 1970', { timestamp: 1704110400 }, '/timestamp'],
  ['a day that no month has', { timestamp: '2024-02-30T12:00:00.123Z' }, '/timestamp'],
  ['a time without T', { timestamp: '2024-01-01 12:00:00.123Z' }, '/timestamp'],
  ['a duration with its unit', { duration_ms: '45ms' }, '/duration_ms'],
  ['metadata as text', { metadata: 'ip_address=192.168.1.100' }, '/metadata'],
  ['a task state that Celery does not end in', { task_status: 'PENDING' }, '/task_status'],
  ['a scaling decision that is none', { action: 'explode' }, '/action'],
])('%s fails', (_, fields, path) => {
  const problems = check(fields);
  expect(problems.length).toBeGreaterThan(0);
  expect(new Set(problems.map((problem) => problem.split(': ')[0]))).toEqual(new Set([path]));
});
