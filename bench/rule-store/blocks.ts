import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { quoted } from '../../lib/query/text';
import { run } from '../../tools/run';
import type { TimeSeries } from './remote-write';

function* openMetrics(series: Iterable<TimeSeries>): Generator<string> {
  for (const { labels, samples } of series) {
    const { __name__: name = '', ...others } = labels;
    const matchers = Object.entries(others).map(([label, value]) => `${label}=${quoted(value)}`);
    const selector = `${name}{${matchers.join(',')}}`;
    yield samples.map(([milliseconds, value]) => `${selector} ${value} ${milliseconds / 1000}\n`).join('');
  }
  yield '# EOF\n';
}

/** Writes series into blocks in the folder `data`, as long as production's become in the end. */
export const writeBlocks = async (promtool: string, folder: string, series: Iterable<TimeSeries>): Promise<void> => {
  const file = join(folder, 'history.txt');
  const descriptor = openSync(file, 'w');
  for (const text of openMetrics(series)) writeSync(descriptor, text);
  closeSync(descriptor);
  const command = ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', '--max-block-duration=72h'];
  const { code, stderr } = await run(promtool, [...command, file, join(folder, 'data')]);
  if (code !== 0) throw new Error(stderr);
  rmSync(file);
};
