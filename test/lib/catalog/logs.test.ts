import { logFields, logLevels } from '../../../lib/catalog/logs';
import { guideLine } from './guide-line';

/** What the guide's LogQL queries ask of worker and ml-controller. */
const queried = { task_status: 'FAILURE', action: 'scale_up' };

const guide = Object.entries({ ...guideLine, ...queried });

test("the fields that say they are the guide's are those of its sample line and of its queries", () => {
  const declared = Object.entries(logFields).filter(([, { origin }]) => origin === 'guide');
  expect(declared.map(([name]) => name).sort()).toEqual(guide.map(([name]) => name).sort());
});

test.each(guide)("the guide's %s: %j fits its declaration", (name, value) => {
  const field = new Map(Object.entries(logFields)).get(name);
  expect(field?.type).toBe(typeof value);
  if (field !== undefined && field.bound !== 'unbounded') expect(field.bound.values).toContain(value);
});

test('the levels rise from DEBUG to FATAL', () => {
  expect(Object.keys(logLevels)).toEqual(['DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']);
});

test('nothing that there is one of per person, request or trace is bounded, so none of it becomes a label', () => {
  const perThing = ['correlation_id', 'user_id', 'request_id', 'trace_id', 'span_id', 'message', 'metadata'] as const;
  expect(perThing.map((name) => logFields[name].bound)).toEqual(perThing.map(() => 'unbounded'));
});
