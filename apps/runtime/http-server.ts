import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { correlated } from './correlation';
import { context, propagation, ROOT_CONTEXT } from '@opentelemetry/api';
import type { Log } from './log';
import { recordFailure } from './spans';

export interface HttpRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly contentType?: string;
  readonly text?: string;
}

/** An answer, or none: the connection is left open, or closed. */
export type Reply = HttpAnswer | 'hang' | 'close';

export const json = (status: number, value: unknown): HttpAnswer => ({
  status,
  contentType: 'application/json',
  text: `${JSON.stringify(value)}\n`,
});

/** Thrown to answer with a status other than success. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** What the work answers, or what it has thrown as an answer: the server's fault unless it says otherwise. */
export const answerFrom = async <R>(log: Log, work: () => R | Promise<R>): Promise<R | HttpAnswer> => {
  try {
    return await work();
  } catch (error) {
    const foreseen = error instanceof HttpError;
    if (!foreseen) log('ERROR', 'http', `unexpected: ${String(error)}`);
    if (!foreseen || error.status >= 500) recordFailure(error);
    return foreseen ? json(error.status, { error: error.message }) : json(500, { error: 'internal error' });
  }
};

/** @throws HttpError 400 when the body is not a JSON object; an empty body is an empty object. */
export const jsonObject = ({ body }: HttpRequest): Readonly<Record<string, unknown>> => {
  if (body.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // What is not JSON is no object either.
  }
  throw new HttpError(400, `the body is ${body.slice(0, 80)}: send a JSON object or nothing`);
};

const maxBody = 64 * 1024;

const read = async (message: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message) {
    const bytes = chunk as Buffer;
    length += bytes.length;
    if (length > maxBody) throw new HttpError(400, `the body is longer than ${maxBody} bytes: send less`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
};

const write = (response: ServerResponse, reply: Reply): void => {
  if (reply === 'hang') return;
  if (reply === 'close') {
    response.destroy();
    return;
  }
  const { status, contentType, text } = reply;
  response.writeHead(status, {
    ...(contentType !== undefined && { 'content-type': contentType }),
    'content-length': Buffer.byteLength(text ?? ''),
  });
  response.end(text);
};

export interface HttpServer {
  /** Where it is reached from this machine. */
  readonly url: string;
  /** Takes no new connection, and lets requests under way finish for this long. */
  close(graceSeconds: number): Promise<void>;
}

export interface HttpServerOptions {
  readonly address: string;
  readonly port: number;
  readonly handle: (request: HttpRequest) => Promise<Reply>;
  readonly log: Log;
}

/** As part of the trace and the user action that the request belongs to. */
const answerTo = (message: IncomingMessage, { handle, log }: HttpServerOptions): Promise<Reply> =>
  context.with(correlated(propagation.extract(ROOT_CONTEXT, message.headers)), () =>
    answerFrom(log, async () => {
      const path = (message.url ?? '/').split('?', 1)[0] ?? '/';
      const body = await read(message);
      return handle({ method: message.method ?? 'GET', path, headers: message.headers, body });
    }),
  );

export const listen = async (options: HttpServerOptions): Promise<HttpServer> => {
  const server = createServer((message, response) => {
    void answerTo(message, options).then((reply) => {
      write(response, reply);
    });
  });
  // Longer than our clients keep an idle connection: else one could be reused just as it closes.
  server.keepAliveTimeout = 30_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port, options.address, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const anywhere = options.address === '0.0.0.0' || options.address === '::';
  const host = options.address.includes(':') ? `[${options.address}]` : options.address;
  return {
    url: `http://${anywhere ? '127.0.0.1' : host}:${port}`,
    close: (graceSeconds) =>
      new Promise((resolve) => {
        const deadline = setTimeout(() => {
          server.closeAllConnections();
        }, graceSeconds * 1000);
        server.close(() => {
          clearTimeout(deadline);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
};
