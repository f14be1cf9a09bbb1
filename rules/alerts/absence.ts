import type { JobName } from '../../lib/catalog/scrape-jobs';
import { scrape } from '../../lib/catalog/scrape';
import { sumBy } from '../../lib/query/promql/aggregate';
import type { Vector } from '../../lib/query/promql/expression';
import { above, absent, or, whenever } from '../../lib/query/promql/operators';
import { select } from '../../lib/query/promql/select';

/**
 * The jobs of which no target was found. A Prometheus that sees nothing at all, not even itself, knows nothing of what is
 * missing: it would page for every service, and what it says would mute what another replica sees.
 */
export const missingAmong = (jobs: readonly JobName[]): Vector<'job'> =>
  whenever(
    jobs.map((job): Vector<'job'> => absent(scrape.up, { job })).reduce((a, b) => or(a, b)),
    above(sumBy(select(scrape.up)), 0),
  );
