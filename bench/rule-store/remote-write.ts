/** A series and its samples, each the milliseconds since the epoch and a value; in their order. */
export interface TimeSeries {
  /** `__name__` among them. */
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly (readonly [milliseconds: number, value: number])[];
}

const varint = (value: number): readonly number[] =>
  value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...varint(Math.floor(value / 0x80))];

/** A field of protobuf that holds bytes. */
const field = (number: number, payload: Buffer): Buffer =>
  Buffer.concat([Buffer.from([(number << 3) | 2, ...varint(payload.length)]), payload]);

/** Written into one buffer by hand: there are millions of them. */
const samplesField = (samples: TimeSeries['samples']): Buffer => {
  // Two bytes of field 2, nine of the value, seven of a time between 2^35 and 2^42 ms.
  const buffer = Buffer.allocUnsafe(samples.length * 18);
  let at = 0;
  for (const [milliseconds, value] of samples) {
    buffer[at] = 0x12;
    buffer[at + 1] = 16;
    buffer[at + 2] = 0x09;
    buffer.writeDoubleLE(value, at + 3);
    buffer[at + 11] = 0x10;
    let left = milliseconds;
    for (let byte = 12; byte < 17; byte += 1) {
      buffer[at + byte] = (left % 0x80) | 0x80;
      left = Math.floor(left / 0x80);
    }
    buffer[at + 17] = left;
    at += 18;
  }
  return buffer;
};

const seriesField = ({ labels, samples }: TimeSeries): Buffer => {
  const texts = Object.entries(labels)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => field(1, Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(value))])));
  return field(1, Buffer.concat([...texts, samplesField(samples)]));
};

/** In the format of Snappy, but not made any smaller: one literal that is as long as all of it. */
const uncompressed = (bytes: Buffer): Buffer => {
  const literal = Buffer.alloc(5, 0xfc);
  literal.writeUInt32LE(bytes.length - 1, 1);
  return Buffer.concat([Buffer.from(varint(bytes.length)), literal, bytes]);
};

const post = async (url: string, parts: readonly Buffer[]): Promise<void> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-protobuf',
      'Content-Encoding': 'snappy',
      'X-Prometheus-Remote-Write-Version': '0.1.0',
    },
    body: uncompressed(Buffer.concat(parts)),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
};

const batchBytes = 4 * 1024 * 1024;

/**
 * Hands series to a Prometheus that takes them, and resolves when it has them all.
 *
 * @see https://prometheus.io/docs/specs/prw/remote_write_spec/
 */
export const remoteWrite = async (url: string, series: Iterable<TimeSeries>): Promise<void> => {
  let parts: Buffer[] = [];
  let bytes = 0;
  for (const each of series) {
    const part = seriesField(each);
    parts.push(part);
    bytes += part.length;
    if (bytes < batchBytes) continue;
    await post(url, parts);
    parts = [];
    bytes = 0;
  }
  if (parts.length > 0) await post(url, parts);
};
