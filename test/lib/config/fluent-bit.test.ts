import { Size } from 'cdk8s';
import { streamLabels, structuredMetadata } from '../../../lib/catalog/log-streams';
import { keepEverything } from '../../../lib/catalog/logs';
import { fluentBitConfig, type FluentBitSettings, type LogSource } from '../../../lib/config/fluent-bit';

const source = (name: string, overrides: Partial<LogSource> = {}): LogSource => ({
  name,
  include: '*',
  exclude: [],
  bufferLimit: Size.gibibytes(1),
  reduction: keepEverything,
  ...overrides,
});

const file = (overrides: Partial<FluentBitSettings> = {}) =>
  fluentBitConfig({
    sources: [
      source('shop', { include: 'shop_*', bufferLimit: Size.gibibytes(2) }),
      source('rest', { exclude: ['shop_*', 'own_*'] }),
    ],
    runtime: 'cri',
    buffer: 'disk',
    lokiHost: 'loki.watch.svc',
    logDirectory: '/logs',
    stateDirectory: '/state',
    listen: '0.0.0.0',
    ...overrides,
  });

const { inputs, outputs } = file().pipeline;

/** The pairs of `a=b, c=d`. */
const pairs = (text: string) => new Map(text.split(', ').map((pair) => pair.split('=') as [string, string]));

describe('two sources share nothing', () => {
  test('each has a database of positions, so that one that is damaged costs one', () => {
    expect(inputs.map(({ db }) => db)).toEqual(['/state/shop.db', '/state/rest.db']);
  });

  test('each has a name under which it is counted', () => {
    for (const parts of [inputs, outputs]) expect(parts.map(({ alias }) => alias)).toEqual(['shop', 'rest']);
  });

  test('each has an output that takes its tags and no others', () => {
    const tags = inputs.map(({ tag }) => tag);
    const taken = outputs.map(({ match }) => tags.filter((tag) => tag.startsWith(match.replace('*', ''))));
    expect(taken).toEqual(tags.map((tag) => [tag]));
  });

  test('each has a limit, in bytes, since to Fluent Bit a gigabyte is one of 1000³', () => {
    expect(outputs.map((output) => output['storage.total_limit_size'])).toEqual([2 * 1024 ** 3, 1024 ** 3]);
  });

  test('what one excludes, it excludes with everything below', () => {
    expect(inputs.map(({ exclude_path }) => exclude_path.split(',').slice(2))).toEqual([
      [],
      ['/logs/shop_*/*', '/logs/own_*/*'],
    ]);
  });
});

test('a Loki that is away is waited for without end, as often as twice a minute', () => {
  expect(outputs.map(({ retry_limit }) => retry_limit)).toEqual(['no_limits', 'no_limits']);
  expect(file().service).toMatchObject({ 'scheduler.base': 1, 'scheduler.cap': 30 });
});

test('with a buffer on disk all that waits is there, and reading never pauses', () => {
  expect(file().service['storage.path']).toBe('/state/buffer');
  for (const input of inputs)
    expect(input).toMatchObject({ 'storage.type': 'filesystem', 'storage.pause_on_chunks_overlimit': false });
});

test('with a buffer in memory nothing is promised: no storage path, and a limit on what is held', () => {
  const { service, pipeline } = file({ buffer: 'memory' });
  expect(service).not.toHaveProperty(['storage.path']);
  expect(pipeline.inputs.map((input) => [input['storage.type'], input.mem_buf_limit])).toEqual([
    ['memory', 2 * 1024 ** 3],
    ['memory', 1024 ** 3],
  ]);
  expect(pipeline.outputs.map((output) => output['storage.total_limit_size'])).toEqual([undefined, undefined]);
});

test("no line is lost for its length, for a rotation, or for being older than the agent's pod", () => {
  for (const input of inputs)
    expect(input).toMatchObject({
      read_from_head: true,
      skip_long_lines: true,
      truncate_long_lines: true,
      path: expect.stringMatching(/^(.+\.log),\1\.20\*$/) as string,
    });
});

test.each(['cri', 'docker'] as const)('lines are read as a %s runtime writes them', (runtime) => {
  const parsers = file({ runtime }).pipeline.inputs.map((input) => input['multiline.parser']);
  expect(parsers).toEqual([runtime, runtime]);
});

describe.each(outputs)('the streams of $alias', ({ labels, structured_metadata }) => {
  test('are told apart by exactly the labels of the catalog', () => {
    expect([...pairs(labels).keys()]).toEqual(Object.keys(streamLabels));
  });

  test('take no label from the line itself, which could choose another stream', () => {
    const sources = [...pairs(labels).values()].map((value) => value.replace(/\[.*/, ''));
    expect(new Set(sources)).toEqual(new Set(['fluent-bit', '$kubernetes']));
  });

  test('carry beside the line what the catalog says, less the level, which Loki finds by itself', () => {
    const shipped = Object.keys(structuredMetadata).filter((name) => name !== 'detected_level');
    expect([...pairs(structured_metadata).keys()]).toEqual(shipped);
  });
});

test('a line cannot pose as the metadata of a pod, and a pod can neither hide its lines nor choose their parser', () => {
  const metadata = file().pipeline.filters.filter((filter) => (filter as { name: string }).name === 'kubernetes');
  expect(metadata).toHaveLength(2);
  for (const filter of metadata)
    expect(filter).toMatchObject({
      merge_log_key: 'app',
      'k8s-logging.parser': false,
      'k8s-logging.exclude': false,
      // No API server is asked.
      use_tag_for_meta: true,
    });
});

test('it listens where it is told to', () => {
  expect(file({ listen: '127.0.0.3' }).service).toMatchObject({ http_listen: '127.0.0.3', http_port: 2020 });
});
