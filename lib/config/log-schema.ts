import { logFields, type LogField } from '../catalog/logs';

type JsonSchema = Readonly<Record<string, unknown>>;

/** A closed list of values; an open one says nothing. */
const values = ({ bound }: LogField): JsonSchema =>
  bound !== 'unbounded' && bound.values.length === bound.limit ? { enum: bound.values } : {};

/** What the types cannot say of a text. */
const formats: Readonly<Record<string, JsonSchema>> = {
  // Many validators take `format` for a remark.
  timestamp: { format: 'date-time', pattern: String.raw`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$` },
  trace_id: { pattern: '^(?!0{32})[0-9a-f]{32}$' },
  span_id: { pattern: '^(?!0{16})[0-9a-f]{16}$' },
};

const fields = Object.entries<LogField>(logFields);

/**
 * The log line of AutoServe's services, for them to test against. Further fields are allowed: nobody asks for them.
 *
 * @see https://json-schema.org/draft/2020-12
 */
export const logLineSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Log line of an AutoServe service',
  type: 'object',
  required: fields.filter(([, { required }]) => required).map(([name]) => name),
  properties: Object.fromEntries(
    fields.map(([name, field]) => [
      name,
      { type: field.type, description: field.help, ...values(field), ...formats[name] },
    ]),
  ),
  // One is worth nothing without the other.
  dependentRequired: { trace_id: ['span_id'], span_id: ['trace_id'] },
};
