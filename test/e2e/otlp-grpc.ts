import { once } from 'node:events';
import { connect, type IncomingHttpHeaders } from 'node:http2';
import { newSpanId } from './otlp';

interface OneSpan {
  readonly traceId: string;
  readonly service: string;
  readonly name: string;
}

/** A field of a Protobuf message that is a text, bytes or a message; no longer than its length in one byte can say. */
const field = (number: number, ...parts: readonly (string | Buffer)[]): Buffer => {
  const value = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
  if (value.length > 127) throw new RangeError(`a field of ${value.length} bytes: send less`);
  return Buffer.concat([Buffer.from([number * 8 + 2, value.length]), value]);
};

const fixed64 = (number: number, value: bigint): Buffer => {
  const bytes = Buffer.alloc(9);
  bytes.writeUInt8(number * 8 + 1);
  bytes.writeBigUInt64LE(value, 1);
  return bytes;
};

/** @see https://github.com/open-telemetry/opentelemetry-proto/blob/v1.9.0/opentelemetry/proto/trace/v1/trace.proto */
const request = ({ traceId, service, name }: OneSpan): Buffer => {
  const now = BigInt(Date.now()) * 1_000_000n;
  const resource = field(1, field(1, field(1, 'service.name'), field(2, field(1, service))));
  const ids = [field(1, Buffer.from(traceId, 'hex')), field(2, Buffer.from(newSpanId(), 'hex'))];
  const span = field(2, ...ids, field(5, name), fixed64(7, now), fixed64(8, now + 1_000_000n));
  return field(1, resource, field(2, span));
};

/**
 * Sends a span over OTLP/gRPC, and resolves once it is acknowledged.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
export const exportOverGrpc = async (url: string, span: OneSpan): Promise<void> => {
  const message = request(span);
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  const session = connect(url);
  const stream = session.request({
    ':method': 'POST',
    ':path': '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  stream.resume().end(Buffer.concat([prefix, message]));
  const [trailers] = (await once(stream, 'trailers')) as [IncomingHttpHeaders];
  session.close();
  if (trailers['grpc-status'] !== '0') throw new Error(`${url} answered ${JSON.stringify(trailers)}`);
};
