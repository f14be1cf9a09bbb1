import { portOf, type Service } from '../../lib/catalog/components';
import { JaegerApi } from '../e2e/jaeger-api';
import { sendSpans, type NewSpan } from '../e2e/otlp';
import { monitoring } from './cluster';
import { forward } from './forward';

/** Jaeger's HTTP API. */
export interface ForwardedJaeger {
  readonly api: JaegerApi;
  readonly stop: () => Promise<void>;
}

export const forwardJaeger = async (): Promise<ForwardedJaeger> => {
  const { url, stop } = await forward(monitoring, 'svc/jaeger', portOf('jaeger', 'http'), '/');
  return { api: new JaegerApi(url), stop };
};

/** Sends spans of a service, as its SDK would, and resolves once they are acknowledged. */
export const sendSpansOf = async (service: Service, ...spans: readonly NewSpan[]): Promise<void> => {
  const { url, stop } = await forward(monitoring, 'svc/jaeger', portOf('jaeger', 'otlp-http'));
  await sendSpans(url, { service, spans });
  await stop();
};
