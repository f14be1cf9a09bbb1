import { allDashboards } from '../../dashboards/all';
import { alertFacts, alertNames, type AlertName } from '../../lib/catalog/alerts';
import type { Panel } from '../../lib/config/dashboards/panel';

/** The panels to which an alert leads, in a deployment with no more than it needs to be there. */
const panelsBehind = (name: AlertName): readonly Panel[] => {
  const { dashboard, onlyWith } = alertFacts(name);
  const isThere = (part: Pick<Panel, 'onlyWith'>): boolean => [undefined, onlyWith].includes(part.onlyWith);
  return allDashboards
    .filter(({ uid }) => uid === dashboard)
    .flatMap(({ rows }) => rows.filter(isThere))
    .flatMap(({ panels }) => panels.filter(isThere));
};

const watchers = ({ signal }: Panel): readonly AlertName[] => (signal.watchedBy ?? []).map(({ alert }) => alert);

test.each(alertNames)('%s leads to a dashboard with a panel that it watches', (name) => {
  expect(panelsBehind(name).flatMap(watchers)).toContain(name);
});
