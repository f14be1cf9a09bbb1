import { alertFacts, alertNames } from '../catalog/alerts';
import type { Profile } from './profile';
import type { Problems } from './check-value';

/** A threshold that some value of its kind can be beyond, and some within. */
const isThreshold = (kind: string, threshold: number): boolean =>
  threshold > 0 && (kind === 'ratio' ? threshold < 1 : Number.isFinite(threshold));

export function* checkAlerts(
  path: string,
  { alerts, alertmanager }: Pick<Profile, 'alerts' | 'alertmanager'>,
): Problems {
  const { table, minimumRate } = alerts;
  if (!(minimumRate > 0 && Number.isFinite(minimumRate)))
    yield {
      path: `${path}.minimumRate`,
      value: `${minimumRate} per second`,
      fix: 'give a rate above 0, as in 0.1: without one, a single failed request of a quiet night is a page',
    };
  for (const name of alertNames) {
    const settings = table[name];
    const { threshold: kind } = alertFacts(name);
    if (settings === 'off' || kind === undefined || !('threshold' in settings)) continue;
    if (!isThreshold(kind, settings.threshold))
      yield {
        path: `${path}.table.${name}.threshold`,
        value: `${settings.threshold}`,
        fix:
          kind === 'ratio'
            ? 'give a share between 0 and 1, as in 0.1 for 10 %'
            : `give a number of ${kind} above 0, or leave the alert out by 'off'`,
      };
  }
  if (table.Watchdog === 'off' && alertmanager.receivers['dead-man'].kind !== 'interface-only')
    yield {
      path: `${path}.table.Watchdog`,
      value: 'off',
      fix: "the dead man waits for it and would raise the alarm: keep it, or let the receiver dead-man be 'interface-only'",
    };
}
