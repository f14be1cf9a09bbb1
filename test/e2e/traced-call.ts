import type { ComponentPod } from './cluster';
import { newSpanId, newTraceId } from './otlp';

type Headers = Readonly<Record<string, string>>;

export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
  readonly headers?: Headers;
}

export interface TracedCall {
  readonly traceId: string;
  /** The caller's own span, which nobody sends. */
  readonly parentId: string;
  readonly status: number;
}

const send = ({ host }: ComponentPod, { method, path, body, headers = {} }: Call): Promise<Response> =>
  fetch(`http://${host}${path}`, {
    method,
    headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });

/** Logs in at a pod of the backend. The headers go with every further call. */
export const login = async (pod: ComponentPod): Promise<Headers> => {
  const body = { user: 'user1', password: 'right' };
  const { token } = (await (await send(pod, { method: 'POST', path: '/api/auth/login', body })).json()) as {
    readonly token: string;
  };
  return { authorization: `Bearer ${token}` };
};

/** Calls a pod as part of a trace that begins here and is recorded. */
export const traced = async (pod: ComponentPod, call: Call): Promise<TracedCall> => {
  const [traceId, parentId] = [newTraceId(), newSpanId()];
  const headers = { ...call.headers, traceparent: `00-${traceId}-${parentId}-01` };
  const response = await send(pod, { ...call, headers });
  await response.arrayBuffer();
  return { traceId, parentId, status: response.status };
};
