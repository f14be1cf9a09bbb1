import { SpanKind, type Tracer } from '@opentelemetry/api';
import { spanAttributes } from '../../lib/catalog/spans';
import { answerFrom } from '../runtime/http-server';
import { isValueOf } from '../runtime/label-values';
import type { Log } from '../runtime/log';
import type { Handler } from '../runtime/router';
import { annotate, inSpan } from '../runtime/spans';

const methods = spanAttributes['http.request.method'].bound;

/** Answers in a span of its own, named after the route's template where there is one. */
export const traced =
  (tracer: Tracer, log: Log, handle: Handler, route?: string): Handler =>
  (request, parameters) => {
    const { method } = request;
    const name = route === undefined ? method : `${method} ${route}`;
    const attributes = {
      ...(isValueOf(methods, method) && { 'http.request.method': method }),
      ...(route !== undefined && { 'http.route': route }),
    };
    return inSpan(tracer, { name, kind: SpanKind.SERVER, attributes }, async () => {
      const reply = await answerFrom(log, () => handle(request, parameters));
      if (typeof reply === 'object') annotate({ 'http.response.status_code': reply.status });
      return reply;
    });
  };
