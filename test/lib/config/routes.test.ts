import { Duration } from 'cdk8s';
import fc from 'fast-check';
import { alertFacts, alertNames, alerts } from '../../../lib/catalog/alerts';
import { severities, type AlertTimings, type ReceiverRole } from '../../../lib/catalog/receivers';
import { receiverNames } from '../../../lib/config/alertmanager';
import { checkRoutes } from '../../../lib/config/check-routes';
import { matcherText, routeConfig, routesOf, routeTree, type Matcher, type Route } from '../../../lib/config/routes';

const timings: AlertTimings = {
  page: {
    groupWait: Duration.seconds(10),
    groupInterval: Duration.minutes(1),
    repeatInterval: Duration.hours(1),
  },
  team: {
    groupWait: Duration.seconds(30),
    groupInterval: Duration.minutes(5),
    repeatInterval: Duration.hours(12),
  },
  deadManInterval: Duration.minutes(1),
};
const tree = routeTree(timings);
type Labels = Readonly<Record<string, string>>;
const receiversOf = (root: Route, labels: Labels): readonly string[] =>
  routesOf(root, labels).map(({ receiver }) => receiver);

describe('an alert', () => {
  test.each(Object.entries(severities))('of severity %s goes to %s', (severity, receiver) => {
    expect(receiversOf(tree, { alertname: 'Any', severity })).toEqual([receiver]);
  });

  test.each<Labels>([{}, { severity: '' }, { severity: 'page' }, { severity: 'Critical' }])(
    'labelled %j has no severity that is known, and goes to the team',
    (labels) => {
      expect(receiversOf(tree, labels)).toEqual(['team']);
    },
  );

  test('that names whom else it tells goes to them and to those of its severity', () => {
    const labels = { alertname: 'AlertmanagerNotificationsFailing', severity: 'critical' };
    expect(receiversOf(tree, labels)).toEqual(['team', 'page']);
    expect(routesOf(tree, labels).map((route) => route.timings)).toEqual([timings.team, timings.page]);
  });

  test('goes to receivers that exist, whatever its labels', () => {
    const value = fc.oneof(fc.string(), fc.constantFrom(...alertNames, ...Object.keys(severities)));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('severity', 'alertname', 'service'), value), (labels) => {
        const told = receiversOf(tree, labels);
        expect(told).not.toEqual([]);
        for (const receiver of told) expect(receiverNames).toContain(receiver);
      }),
    );
  });
});

describe('the file', () => {
  const file = routeConfig(tree);
  const branch = (receiver: string) => file.routes?.find((route) => route.receiver === receiver && !route.continue);

  test('takes everything at its root, and groups by cluster and service everywhere', () => {
    expect(file).not.toHaveProperty('matchers');
    expect(file.group_by).toEqual(['cluster', 'service']);
    for (const route of file.routes ?? []) expect(route).not.toHaveProperty('group_by');
  });

  test('tells those who are woken sooner, and again sooner', () => {
    expect(branch('page')).toMatchObject({ group_wait: '10s', group_interval: '1m', repeat_interval: '1h' });
    expect(branch('team')).toMatchObject({ group_wait: '30s', group_interval: '5m', repeat_interval: '12h' });
  });

  test('lets what the dead man is sent be due before the instant at which it is to be sent', () => {
    expect(branch('dead-man')).toMatchObject({ group_wait: '0s', group_interval: '20s', repeat_interval: '50s' });
  });

  test('lets what tells others besides go on, before anything else takes it', () => {
    const more = alertNames.flatMap((alertname) => {
      const { alsoTells } = alertFacts(alertname);
      return alsoTells === undefined ? [] : [{ receiver: alsoTells, matchers: [`alertname="${alertname}"`] }];
    });
    expect(more.length).toBeGreaterThan(0);
    expect(file.routes?.slice(0, more.length)).toMatchObject(more.map((route) => ({ ...route, continue: true })));
    for (const route of file.routes?.slice(more.length) ?? []) expect(route).not.toHaveProperty('continue');
  });

  test('quotes every value, which the strict mode of Alertmanager asks for', () => {
    const matchers = file.routes?.flatMap((route) => (route.continue ? [] : (route.matchers ?? []))) ?? [];
    expect(matchers).toEqual(Object.keys(severities).map((severity) => `severity="${severity}"`));
    expect(matcherText({ label: 'a', operator: '!~', value: 'b"\\' })).toBe('a!~"b\\"\\\\"');
  });
});

describe('a matcher', () => {
  const takes = (matcher: Matcher, labels: Labels): boolean =>
    receiversOf({ receiver: 'no', matchers: [], routes: [{ receiver: 'yes', matchers: [matcher] }] }, labels)[0] ===
    'yes';

  test.each<readonly [Matcher['operator'], string, string | undefined, boolean]>([
    ['=', 'a', 'a', true],
    ['=', 'a', 'ab', false],
    ['=', '', undefined, true],
    ['!=', 'a', 'b', true],
    ['!=', 'a', undefined, true],
    ['!=', 'a', 'a', false],
    ['=~', 'a|b', 'b', true],
    ['=~', 'a|b', 'bc', false],
    ['=~', '.+', undefined, false],
    ['!~', 'a|b', 'b', false],
    ['!~', 'a|b', 'bc', true],
  ])('%s"%s" of the value %j holds: %s', (operator, value, label, expected) => {
    expect(takes({ label: 'x', operator, value }, label === undefined ? {} : { x: label })).toBe(expected);
  });

  test('of several, all have to hold; of several routes, the first that takes the alert has it', () => {
    const severity = (value: string): Matcher => ({ label: 'severity', operator: '=', value });
    const service: Matcher = { label: 'service', operator: '=', value: 'backend' };
    const root: Route = {
      receiver: 'root',
      matchers: [],
      routes: [
        { receiver: 'both', matchers: [severity('critical'), service] },
        {
          receiver: 'outer',
          matchers: [severity('critical')],
          routes: [{ receiver: 'inner', matchers: [{ label: 'node', operator: '!=', value: '' }] }],
        },
        { receiver: 'never', matchers: [severity('critical')] },
      ],
    };
    expect(receiversOf(root, { severity: 'critical', service: 'backend' })).toEqual(['both']);
    expect(receiversOf(root, { severity: 'critical' })).toEqual(['outer']);
    expect(receiversOf(root, { severity: 'critical', node: 'n1' })).toEqual(['inner']);
    expect(receiversOf(root, { severity: 'warning' })).toEqual(['root']);
  });

  test('of a route that goes on lets the next have it as well, up to the first that does not', () => {
    const is = (label: string, value: string): readonly Matcher[] => [{ label, operator: '=', value }];
    const root: Route = {
      receiver: 'root',
      matchers: [],
      routes: [
        {
          receiver: 'outer',
          matchers: is('a', '1'),
          goesOn: true,
          routes: [
            { receiver: 'first', matchers: is('b', '1'), goesOn: true },
            { receiver: 'second', matchers: is('c', '1') },
          ],
        },
        { receiver: 'last', matchers: is('d', '1') },
        { receiver: 'never', matchers: is('d', '1') },
      ],
    };
    expect(receiversOf(root, { a: '1' })).toEqual(['outer']);
    expect(receiversOf(root, { a: '1', d: '1' })).toEqual(['outer', 'last']);
    expect(receiversOf(root, { a: '1', b: '1', d: '1' })).toEqual(['first', 'last']);
    expect(receiversOf(root, { a: '1', b: '1', c: '1', d: '1' })).toEqual(['first', 'second', 'last']);
    expect(receiversOf(root, { b: '1', d: '1' })).toEqual(['last']);
    expect(receiversOf(root, { b: '1' })).toEqual(['root']);
  });
});

describe('routes are refused', () => {
  const problems = (
    override: Partial<Route> = {},
    these: Readonly<Record<string, { readonly severity: string; readonly alsoTells?: ReceiverRole }>> = alerts,
  ) => [...checkRoutes({ ...tree, ...override }, receiverNames, these)];
  const { routes = [] } = tree;
  const without = (receiver: string): Partial<Route> => ({
    routes: routes.filter((route) => route.receiver !== receiver),
  });

  test('not as they are', () => {
    expect(problems()).toEqual([]);
  });

  test('when no route takes an alert, though the root would', () => {
    expect(problems(without('page'), { HighErrorRate: { severity: 'critical' } })).toEqual([
      {
        path: 'alerts.HighErrorRate.severity',
        value: 'critical',
        fix: expect.stringContaining('add one to page') as string,
      },
    ]);
  });

  test('when an alert is of a severity that nobody knows', () => {
    expect(problems({}, { HighErrorRate: { severity: 'page' } })).toEqual([
      {
        path: 'alerts.HighErrorRate.severity',
        value: 'page',
        fix: expect.stringContaining('critical, warning, info, none') as string,
      },
    ]);
  });

  test.each(['constructor', 'toString'])('when its severity is named %s, as what every object has', (severity) => {
    const [problem] = problems({}, { HighErrorRate: { severity } });
    expect(problem?.fix).toContain('choose one of');
  });

  test('when an alert goes to nobody that somebody is to hear of', () => {
    const drop: Route = { receiver: 'nobody', matchers: [{ label: 'severity', operator: '=~', value: 'crit.*' }] };
    const critical = Object.values(alerts).filter(({ severity }) => severity === 'critical');
    const found = problems({ routes: [drop, ...routes] });
    expect(found).toHaveLength(critical.length);
    expect(found[0]?.fix).toContain('leads to nobody: let it lead to page');
  });

  test("when an alert that is nobody's wakes somebody", () => {
    const wake: Route = { receiver: 'page', matchers: [{ label: 'alertname', operator: '=', value: 'LogLinesCut' }] };
    expect(problems({ routes: [wake, ...routes] })).toMatchObject([{ path: 'alerts.LogLinesCut.severity' }]);
    const [problem] = problems({ routes: [{ ...wake, goesOn: true }, ...routes] });
    expect(problem?.fix).toBe('its route leads to page and nobody: let it lead to nobody');
  });

  test.each<readonly [string, ReceiverRole, Partial<Route>, string]>([
    ['those of its severity', 'team', without('page'), 'leads to team: let it lead to page and team'],
    ['whom else it names', 'dead-man', {}, 'leads to team and page: let it lead to page and dead-man'],
    ['each of them once', 'page', {}, 'leads to team and page: let it lead to page'],
  ])('when an alert that tells others besides does not reach %s', (_, alsoTells, override, fix) => {
    const alert = { AlertmanagerNotificationsFailing: { severity: 'critical', alsoTells } };
    expect(problems(override, alert)).toMatchObject([{ fix: expect.stringContaining(fix) as string }]);
  });

  test('when they lead to a receiver that does not exist', () => {
    expect(problems({ receiver: 'pager' })).toMatchObject([{ path: 'route.receiver', value: 'pager' }]);
    const unused: Route = { receiver: 'pager', matchers: [{ label: 'alertname', operator: '=', value: 'None' }] };
    expect(problems({ routes: [...routes, unused] })).toMatchObject([
      { path: `route.routes[${routes.length}].receiver` },
    ]);
  });

  test('when the root asks for something', () => {
    const matchers: readonly Matcher[] = [{ label: 'cluster', operator: '=', value: 'production' }];
    expect(problems({ matchers })).toMatchObject([{ path: 'route.matchers', value: 'cluster' }]);
  });
});
