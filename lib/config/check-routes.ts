import { severities, type ReceiverRole, type Severity } from '../catalog/receivers';
import type { Problem } from '../units/problem';
import { routesOf, type Route } from './routes';

const isSeverity = (severity: string): severity is Severity => Object.hasOwn(severities, severity);

function* checkReceivers(path: string, { receiver, routes = [] }: Route, names: readonly string[]): Iterable<Problem> {
  if (!names.includes(receiver))
    yield {
      path: `${path}.receiver`,
      value: receiver,
      fix: `no receiver has that name: declare it, or choose one of ${names.join(', ')}`,
    };
  for (const [index, route] of routes.entries()) yield* checkReceivers(`${path}.routes[${index}]`, route, names);
}

/** Routes that lead nowhere, and alerts that do not reach those who are to hear of them, or reach others too. */
export function* checkRoutes(
  root: Route,
  receivers: readonly string[],
  alerts: Readonly<Record<string, { readonly severity: string; readonly alsoTells?: ReceiverRole }>>,
): Iterable<Problem> {
  if (root.matchers.length > 0)
    yield {
      path: 'route.matchers',
      value: root.matchers.map(({ label }) => label).join(', '),
      fix: 'the root takes every alert: put conditions on its routes',
    };
  yield* checkReceivers('route', root, receivers);
  for (const [alertname, { severity, alsoTells }] of Object.entries(alerts)) {
    const path = `alerts.${alertname}.severity`;
    if (!isSeverity(severity)) {
      yield { path, value: severity, fix: `it has no receiver: choose one of ${Object.keys(severities).join(', ')}` };
      continue;
    }
    const expected = new Set([severities[severity], ...(alsoTells === undefined ? [] : [alsoTells])]);
    const found = routesOf(root, { alertname, severity });
    const wanted = [...expected].join(' and ');
    const told = found.map(({ receiver }) => receiver);
    if (found.includes(root))
      yield { path, value: severity, fix: `no route takes it, it only falls to the root: add one to ${wanted}` };
    else if (told.length !== expected.size || [...expected].some((receiver) => !told.includes(receiver)))
      yield { path, value: severity, fix: `its route leads to ${told.join(' and ')}: let it lead to ${wanted}` };
  }
}
