import { alerts } from '../../../lib/catalog/alerts';
import { inhibitions, inhibitRule } from '../../../lib/config/inhibitions';
import { routesOf, type Matcher } from '../../../lib/config/routes';

type Labels = Readonly<Record<string, string>>;

const holds = (matchers: readonly Matcher[], labels: Labels): boolean =>
  routesOf({ receiver: 'no', matchers: [], routes: [{ receiver: 'yes', matchers }] }, labels)[0]?.receiver === 'yes';

/** Names of the inhibitions by which one alert keeps another quiet, as Alertmanager decides it. */
const quietedBy = (target: Labels, source: Labels): readonly string[] =>
  inhibitions
    .filter(
      (inhibition) =>
        holds(inhibition.source, source) &&
        holds(inhibition.target, target) &&
        // An alert that could be either never quiets one that could be either.
        !(holds(inhibition.source, target) && holds(inhibition.target, source)) &&
        inhibition.equal.every((label) => (source[label] ?? '') === (target[label] ?? '')),
    )
    .map(({ name }) => name);

const cluster = 'production';
const alert = (alertname: keyof typeof alerts, more: Labels): Labels => ({
  alertname,
  severity: alerts[alertname].severity,
  cluster,
  ...more,
});
const backend = { service: 'backend' };

describe('something critical of a service', () => {
  const critical = alert('HighErrorRate', backend);

  test('keeps its warnings and infos quiet', () => {
    expect(quietedBy(alert('HighLatency', backend), critical)).toEqual(['critical-over-warning']);
    expect(quietedBy(alert('AnomalousSignal', backend), critical)).toEqual(['critical-over-warning']);
  });

  test.each<readonly [string, Labels]>([
    ['another critical alert of it', alert('ErrorBudgetBurnsFast', backend)],
    ['a warning of another service', alert('HighLatency', { service: 'worker' })],
    ['a warning of the same service in another cluster', alert('HighLatency', { ...backend, cluster: 'staging' })],
    ['the dead man, whatever he is labelled', alert('Watchdog', backend)],
  ])('leaves %s alone', (_, target) => {
    expect(quietedBy(target, critical)).toEqual([]);
  });
});

describe('a service that is down', () => {
  const down = alert('ServiceDown', backend);

  test('keeps all else of it quiet, critical or not', () => {
    expect(quietedBy(alert('HighErrorRate', backend), down)).toEqual(['service-down-over-the-rest']);
    expect(quietedBy(alert('HighLatency', backend), down)).toContain('service-down-over-the-rest');
  });

  test.each<readonly [string, Labels]>([
    ['itself, on another instance', alert('ServiceDown', { ...backend, instance: '10.0.0.1:8000' })],
    ['another service', alert('HighErrorRate', { service: 'worker' })],
    ['the dead man', alert('Watchdog', backend)],
  ])('leaves %s alone', (_, target) => {
    expect(quietedBy(target, down)).toEqual([]);
  });
});

describe('a node that is not ready', () => {
  const node = alert('NodeNotReady', { service: 'nodes', node: 'node-1' });

  test('keeps what runs on it quiet, whatever service that is', () => {
    expect(quietedBy(alert('PodNotReady', { service: 'loki', node: 'node-1' }), node)).toEqual([
      'node-down-over-its-pods',
    ]);
    expect(quietedBy(alert('LowDiskSpace', { service: 'nodes', node: 'node-1' }), node)).toEqual([
      'node-down-over-its-pods',
    ]);
  });

  test.each<readonly [string, Labels]>([
    ['what runs on another', alert('PodNotReady', { service: 'loki', node: 'node-2' })],
    ['what is about no node', alert('QueueNotDraining', { service: 'worker' })],
    ['another node', alert('NodeNotReady', { service: 'nodes', node: 'node-2' })],
    ['what wakes somebody: it does not itself', alert('HighErrorRate', { ...backend, node: 'node-1' })],
  ])('leaves %s alone', (_, target) => {
    expect(quietedBy(target, node)).toEqual([]);
  });
});

test('two alerts that both lack a label do not agree in it', () => {
  const nameless = { alertname: 'Stranger', cluster };
  for (const source of [
    { ...nameless, severity: 'critical' },
    { ...nameless, alertname: 'ServiceDown', severity: 'critical' },
    { ...nameless, alertname: 'NodeNotReady', severity: 'warning' },
  ])
    expect(quietedBy({ ...nameless, severity: 'warning' }, source)).toEqual([]);
});

test('nothing keeps the dead man quiet', () => {
  const names = Object.keys(alerts) as (keyof typeof alerts)[];
  const labels = { service: 'prometheus', node: 'node-1' };
  expect(names.filter((name) => quietedBy(alert('Watchdog', labels), alert(name, labels)).length > 0)).toEqual([]);
});

test('each is written as Alertmanager reads it, under a name of its own', () => {
  expect(inhibitions.map(inhibitRule)).toMatchSnapshot();
  expect(new Set(inhibitions.map(({ name }) => name)).size).toBe(inhibitions.length);
});
