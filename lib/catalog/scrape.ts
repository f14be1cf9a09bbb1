import { exposedBy, gauge } from './metric';

/** What Prometheus stores beside each scrape, for every target. */
export const scrape = exposedBy('scrape', {
  up: gauge({ help: '1 when the last scrape of the target succeeded.', unit: 'boolean', origin: 'guide' }),
  scrape_duration_seconds: gauge({ help: 'Time of the last scrape.', unit: 'seconds', origin: 'addition' }),
  scrape_samples_scraped: gauge({ help: 'Samples that the target offered.', unit: 'samples', origin: 'addition' }),
  scrape_samples_post_metric_relabeling: gauge({
    help: 'Samples that were kept.',
    unit: 'samples',
    origin: 'addition',
  }),
  scrape_series_added: gauge({ help: 'Series that the last scrape brought anew.', unit: 'series', origin: 'addition' }),
});
