import { portOf } from '../../lib/catalog/components';
import { LokiApi } from '../e2e/loki-api';
import { monitoring } from './cluster';
import { forward } from './forward';

/** Loki's HTTP API. */
export interface ForwardedLoki {
  readonly api: LokiApi;
  readonly stop: () => Promise<void>;
}

export const forwardLoki = async (): Promise<ForwardedLoki> => {
  const { url, stop } = await forward(monitoring, 'svc/loki', portOf('loki', 'http'), '/ready');
  return { api: new LokiApi(url), stop };
};
