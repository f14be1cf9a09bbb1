import fc from 'fast-check';
import type { LogReduction } from '../../../lib/catalog/logs';
import { levelFilters } from '../../../lib/config/log-reduction';

interface Grep {
  readonly name: 'grep';
  readonly match: string;
  readonly logical_op?: 'and';
  readonly exclude: string | readonly string[];
}

type Line = Readonly<Record<string, string>>;

/**
 * Whether a rule finds a line: it names a field under `app`, and a pattern for it.
 *
 * @see https://docs.fluentbit.io/manual/data-pipeline/filters/grep
 */
const finds = (rule: string, line: Line): boolean => {
  const [, field = '', pattern = ''] = /^\$app\['(\w+)'\] (\S+)$/.exec(rule) ?? [];
  const value = line[field];
  return value !== undefined && new RegExp(pattern).test(value);
};

/** Whether Fluent Bit drops a parsed line. */
const isDropped = (reduction: LogReduction, line: Line): boolean =>
  (levelFilters('application.*', reduction) as readonly Grep[]).some(({ exclude, logical_op }) => {
    const rules = [exclude].flat();
    return logical_op === 'and' ? rules.every((rule) => finds(rule, line)) : rules.some((rule) => finds(rule, line));
  });

const hexadecimal = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const traceIds = hexadecimal(32);
// Evenly: of all doubles from 0 to 1, nearly every one is next to 0.
const ratios = fc.oneof(
  fc.integer({ min: 1, max: 1_000_000 }).map((millionths) => millionths / 1_000_000),
  fc.constantFrom(1, 0.5, 1e-9),
);
const sampling = (keepRatio: number, modules: readonly string[] = ['auth', 'tasks']): LogReduction => ({
  debug: 'keep',
  info: { modules, keepRatio },
});

test('DEBUG lines go where they are not wanted, and no other line does', () => {
  const levels = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
  const gone = (debug: 'keep' | 'drop') => levels.filter((level) => isDropped({ debug, info: 'keep' }, { level }));
  expect(gone('drop')).toEqual(['DEBUG']);
  expect(gone('keep')).toEqual([]);
});

describe('INFO lines of busy modules', () => {
  const info = (trace_id: string, module = 'auth'): Line => ({ level: 'INFO', module, trace_id });

  test('are dropped for exactly the traces whose last byte is not below the share that is kept, at any ratio', () => {
    fc.assert(
      fc.property(ratios, traceIds, (ratio, traceId) => {
        const kept = Math.max(1, Math.round(ratio * 256));
        expect(isDropped(sampling(ratio), info(traceId))).toBe(Number.parseInt(traceId.slice(-2), 16) >= kept);
      }),
      { numRuns: 2000 },
    );
  });

  const bytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
  const kept = (ratio: number): number =>
    bytes.filter((byte) => !isDropped(sampling(ratio), info('0'.repeat(30) + byte))).length;

  test('are kept for every number of shares that there can be', () => {
    const shares = Array.from({ length: 256 }, (_, index) => index + 1);
    expect(shares.map((share) => kept(share / 256))).toEqual(shares);
  });

  test('are kept for as many traces as the ratio says, to one in 256, and never for none', () => {
    fc.assert(
      fc.property(ratios, (ratio) => {
        expect(kept(ratio)).toBeGreaterThanOrEqual(1);
        expect(Math.abs(kept(ratio) / 256 - ratio)).toBeLessThanOrEqual(1 / 256);
      }),
    );
  });

  test('are not looked at when all are kept', () => {
    expect(levelFilters('application.*', sampling(1))).toEqual([]);
  });

  test('of one trace share one fate, whichever module wrote them and whatever they say', () => {
    const modules = ['auth', 'tasks', 'a.b'];
    const line = fc.record({ module: fc.constantFrom(...modules), message: fc.string(), span_id: hexadecimal(16) });
    fc.assert(
      fc.property(ratios, traceIds, fc.array(line, { minLength: 2 }), (ratio, traceId, lines) => {
        const fates = lines.map((more) => isDropped(sampling(ratio, modules), { ...info(traceId), ...more }));
        expect(new Set(fates).size).toBe(1);
      }),
    );
  });
});

describe('where INFO is sampled, a line is kept whatever its trace', () => {
  const line: Line = { level: 'INFO', module: 'auth', trace_id: 'f'.repeat(32) };
  const without = (field: string): Line => Object.fromEntries(Object.entries(line).filter(([name]) => name !== field));

  test('though the same line of a busy module would go', () => {
    expect(isDropped(sampling(0.1), line)).toBe(true);
  });

  test.each<readonly [string, Line]>([
    ['that tells of an error', { ...line, level: 'ERROR' }],
    ['of another module', { ...line, module: 'payments' }],
    ['of a module whose name holds that of a busy one', { ...line, module: 'author' }],
    ['that belongs to no trace', without('trace_id')],
    ['that says no module', without('module')],
    ['that is no JSON', {}],
  ])('%s', (_, kept) => {
    expect(isDropped(sampling(0.1), kept)).toBe(false);
  });

  test('of a module that a dot in the name of a busy one would match', () => {
    expect(isDropped(sampling(0.1, ['a.b']), { ...line, module: 'axb' })).toBe(false);
  });
});

test('only the lines of the named source are looked at', () => {
  const filters = levelFilters('application.*', { ...sampling(0.1), debug: 'drop' }) as readonly Grep[];
  expect(filters.map(({ match }) => match)).toEqual(['application.*', 'application.*']);
});
