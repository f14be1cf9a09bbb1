import type { ComponentName } from '../../lib/catalog/components';
import type { Exposer } from '../../lib/catalog/scrape-jobs';
import { skippedWithout } from '../../tools/optional-programs';
import { grafana } from '../harness/grafana';
import { postgresPrograms } from './database';
import { fluentBit } from './log-programs';

/** The components that this machine cannot run, and why. */
export const missing: Partial<Readonly<Record<ComponentName, string>>> = {
  ...(postgresPrograms === undefined && { 'postgres-exporter': 'PostgreSQL is not on this machine' }),
  ...(fluentBit === undefined && { 'fluent-bit': skippedWithout('fluent-bit') }),
  ...(grafana === undefined && { grafana: skippedWithout('grafana') }),
};

/** Why a component does not run here, and nothing that it exposes is there, if so. */
export const whyMissing = (of: ComponentName | Exposer): string | undefined => new Map(Object.entries(missing)).get(of);

/** How a test of a component, or of what it exposes, is declared: it is skipped where this machine cannot run it. */
export const testOf =
  (of: ComponentName | Exposer) =>
  (name: string, body: () => Promise<unknown>): void => {
    const reason = whyMissing(of);
    if (reason === undefined) test(name, body);
    else test.skip(`${name}: ${reason}`, body);
  };
