import { cri } from './container-logs';
import { fluentBit } from './log-programs';
import { fluentBitTest } from './log-tests';
import { linesOf, logOf } from './stored-lines';

/** A line that no one would print whole, told from others by its length and its beginning. */
const brief = (line: string): string => (line.length > 1000 ? `${line.length} bytes: ${line.slice(0, 20)}…` : line);

const kibibyte = 1024;
/** Where Loki cuts a line. */
const lokiLimit = 256 * kibibyte;

/** What a program writes, and the line that Loki has in the end. */
const oddLines: readonly { readonly name: string; readonly written: string | Buffer; readonly stored?: string }[] = [
  { name: 'plain text', written: 'Traceback (most recent call last):' },
  { name: 'a list', written: '[1, 2]' },
  { name: 'a number', written: '7' },
  { name: 'null', written: 'null' },
  { name: 'two objects', written: '{"a":1} {"b":2}' },
  { name: 'half an object', written: '{"level":"ERROR","mess' },
  { name: 'only spaces', written: '   ' },
  { name: 'nothing', written: '' },
  { name: 'NUL and other control characters', written: 'a\0b\u0001c\u001b[31mred' },
  // Of bytes that are no UTF-8, those below E0 become characters of the private use area, and the others vanish.
  { name: 'half a character', written: Buffer.from('a\xc3b', 'latin1'), stored: 'a\ue0c3b' },
  { name: 'Latin-1', written: Buffer.from('Z\xfcrich', 'latin1'), stored: 'Zrich' },
  { name: 'a line at the limit of Loki', written: 'x'.repeat(lokiLimit) },
];

/** A line as the runtime splits it: whole buffers, and a rest. */
const inParts = (line: string, time: Date): Buffer => {
  const size = 16 * kibibyte;
  const parts = Array.from({ length: Math.ceil(line.length / size) }, (_, index) =>
    line.slice(index * size).slice(0, size),
  );
  return Buffer.concat(parts.map((part, index) => cri(part, time, index, index < parts.length - 1 ? 'P' : 'F')));
};

describe('odd lines', () => {
  const long = 'long '.repeat(200_000);
  const endless = cri('endless '.repeat(400_000), new Date());

  // At once, since Fluent Bit takes seconds to find a new file.
  beforeAll(() => {
    if (fluentBit === undefined) return;
    const withNext = (pod: string, written: string | Buffer): void => {
      const log = logOf(pod, 'odd');
      log.writeRaw(written);
      log.write(['the next']);
    };
    oddLines.forEach(({ written }, index) => {
      withNext(`odd-${index}`, cri(written, new Date()));
    });
    withNext('parts', inParts(long, new Date()));
    withNext('endless', endless);
    withNext('no-runtime', 'no time, no stream\n');
  });

  /** What is stored of a pod's first line, which the second has not to wait for. */
  const storedOf = async (pod: string): Promise<string> => {
    const lines = (await linesOf(pod, 2)).map(({ line }) => line).filter((line) => line !== 'the next');
    expect(lines).toHaveLength(1);
    return lines.join();
  };

  oddLines.forEach(({ name, written, stored = String(written) }, index) => {
    fluentBitTest(`${name}: it is stored, and so is what comes after it`, async () => {
      expect(brief(await storedOf(`odd-${index}`))).toEqual(brief(stored));
    });
  });

  fluentBitTest('1 MB in the parts that the runtime makes of it: its beginning is stored as one line', async () => {
    expect(brief(await storedOf('parts'))).toBe(brief(long.slice(0, lokiLimit)));
  });

  fluentBitTest('3 MB in one: the beginning of what the runtime wrote is stored, and the file is read on', async () => {
    expect(brief(await storedOf('endless'))).toBe(brief(String(endless).slice(0, lokiLimit)));
  });

  fluentBitTest('a line that no runtime wrote: it is stored as it is', async () => {
    expect(await storedOf('no-runtime')).toBe('no time, no stream');
  });
});
