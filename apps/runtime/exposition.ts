import { Registry, type OpenMetricsContentType } from 'prom-client';
import type { HttpAnswer } from './http-server';
import type { Exposition } from './instruments';

export const createExposition = (): Exposition => {
  const openMetrics = new Registry<OpenMetricsContentType>();
  openMetrics.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  return { classic: new Registry(), openMetrics };
};

/** How much a client wants a media type, 0 to 1; the text format is what it gets when it does not say. */
const quality = (accept: string, ...mediaTypes: readonly string[]): number =>
  Math.max(
    0,
    ...accept.split(',').map((range) => {
      const [mediaType, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
      if (mediaType === undefined || !mediaTypes.includes(mediaType)) return 0;
      const q = parameters.find((parameter) => parameter.startsWith('q='));
      return q === undefined ? 1 : Number(q.slice(2)) || 0;
    }),
  );

/** OpenMetrics, the one format with exemplars, for clients that ask for it at least as much as for text. */
export const prefersOpenMetrics = (accept: string): boolean => {
  const openMetrics = quality(accept, 'application/openmetrics-text');
  return openMetrics > 0 && openMetrics >= quality(accept, 'text/plain');
};

export const expose = async ({ classic, openMetrics }: Exposition, accept: string): Promise<HttpAnswer> => {
  const registry = prefersOpenMetrics(accept) ? openMetrics : classic;
  return { status: 200, contentType: registry.contentType, text: await registry.metrics() };
};
