import { context, propagation, SpanKind, SpanStatusCode, trace, type Tracer } from '@opentelemetry/api';
import { HttpClient, type Call, type PeerAnswer } from './http-client';
import { annotate, inSpan } from '../runtime/spans';

interface PeerCall extends Omit<Call, 'headers'> {
  /** The template of a path that bears an id. */
  readonly route?: string;
}

/** Another service, called as part of the active trace. */
export class Peer {
  private readonly client: HttpClient;

  constructor(
    baseUrl: string,
    private readonly tracer: Tracer,
  ) {
    this.client = new HttpClient(baseUrl);
  }

  /** @throws PeerError when no answer comes; any status is an answer. */
  call({ route, ...call }: PeerCall): Promise<PeerAnswer> {
    const { method, path } = call;
    const attributes = { 'http.request.method': method };
    return inSpan(this.tracer, { name: `${method} ${route ?? path}`, kind: SpanKind.CLIENT, attributes }, async () => {
      const headers: Record<string, string> = {};
      propagation.inject(context.active(), headers);
      const answer = await this.client.call({ ...call, headers });
      annotate({ 'http.response.status_code': answer.status });
      if (answer.status >= 400) trace.getActiveSpan()?.setStatus({ code: SpanStatusCode.ERROR });
      return answer;
    });
  }

  close(): void {
    this.client.close();
  }
}
