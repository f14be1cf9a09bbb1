import { Agent, request } from 'node:http';

export interface PeerAnswer {
  readonly status: number;
  /** Parsed JSON; the text when it is not JSON. */
  readonly body: unknown;
}

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutSeconds?: number;
}

/** The peer gave no answer. */
export class PeerError extends Error {
  override readonly name = 'PeerError';

  constructor(
    readonly reason: 'timeout' | 'unreachable',
    message: string,
  ) {
    super(message);
  }
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
};

/** Calls one server over kept connections. */
export class HttpClient {
  private readonly agent = new Agent({ keepAlive: true, timeout: 15_000 });

  constructor(private readonly baseUrl: string) {}

  /** @throws PeerError when no answer comes; any status is an answer. */
  call({ method, path, body, headers, timeoutSeconds = 5 }: Call): Promise<PeerAnswer> {
    const url = new URL(path, this.baseUrl);
    const text = body === undefined ? undefined : JSON.stringify(body);
    const signal = AbortSignal.timeout(timeoutSeconds * 1000);
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        const reason = signal.aborted ? 'timeout' : 'unreachable';
        const cause = signal.aborted ? `no answer within ${timeoutSeconds} s` : error.message;
        reject(new PeerError(reason, `${method} ${url.href}: ${cause}`));
      };
      const call = request(
        url,
        {
          method,
          agent: this.agent,
          signal,
          headers: {
            ...(text !== undefined && {
              'content-type': 'application/json',
              'content-length': Buffer.byteLength(text),
            }),
            ...headers,
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response
            .on('data', (chunk: Buffer) => chunks.push(chunk))
            .on('error', fail)
            .on('end', () => {
              resolve({ status: response.statusCode ?? 0, body: parse(Buffer.concat(chunks).toString('utf8')) });
            });
        },
      );
      call.on('error', fail).end(text);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
