import { performance } from 'node:perf_hooks';
import type { FaultName } from '../../apps/simulator/faults';
import { table } from '../../bench/table';
import { dashboardFilesOf } from '../../charts/dashboard-files';
import { deploymentOf } from '../../charts/rule-files';
import { portOf, services, type Service } from '../../lib/catalog/components';
import type { DashboardUid } from '../../lib/catalog/dashboards';
import { tracedServices } from '../../lib/catalog/spans';
import { production } from '../../lib/profile/production';
import { eventually, type PollOptions } from '../harness/eventually';
import { rendered } from '../harness/rendered';
import { containerLog } from './container-logs';
import { allChoices, ask, askAnnotation, repeated, type Answer, type Sources } from './dashboard-questions';
import { switchFault } from './fault-switch';
import { questions } from './log-questions';
import { whyMissing } from './missing-programs';
import { newTraceId, sendSpans } from './otlp';
import { rareEvents } from './rare-events';
import { stack } from './running-stack';
import {
  dashboardOf,
  shownDashboards,
  type ShownDashboard,
  type ShownPanel,
  type ShownTarget,
} from './shown-dashboards';
import { profile } from './stack';
import { exposersOf } from './used-metrics';

const shown = shownDashboards(rendered(profile));

/** A panel by its name; one signal may be shown in several ways. */
const nameOf = ({ title, kind }: Pick<ShownPanel, 'title' | 'kind'>): string => `${title} (${kind})`;

/** What makes panels show something that are empty while all is well. */
interface Situation {
  readonly begins: () => Promise<unknown>;
  readonly ends: () => Promise<unknown>;
}

const switchAll = async (
  method: 'PUT' | 'DELETE',
  service: Service,
  fault: FaultName,
  body?: object,
): Promise<void> => {
  for (const pod of stack().pods.filter(({ component }) => component === service))
    await switchFault(pod, method, fault, body);
};

const fault = (service: Service, name: FaultName, body?: object): Situation => ({
  begins: () => switchAll('PUT', service, name, body),
  ends: () => switchAll('DELETE', service, name),
});

const nothing = (): Promise<void> => Promise.resolve();

/** The pod that does not come up is started once more. */
const restart = async (): Promise<void> => {
  const { core } = stack().cluster;
  const crashing = { name: 'crashing', namespace: profile.namespaces.application };
  const pod = await core.readNamespacedPodStatus(crashing);
  for (const container of pod.status?.containerStatuses ?? []) container.restartCount += 1;
  await core.replaceNamespacedPodStatus({ ...crashing, body: pod });
};

const everyService = (method: 'PUT' | 'DELETE') => async (): Promise<void> => {
  for (const service of services) await switchAll(method, service, 'errors', { ratio: 1 });
};

/** A span of each that took longer than any should. */
const sendLongSpans = (): Promise<void> => {
  const url = `http://${stack().podOf('jaeger').address}:${portOf('jaeger', 'otlp-http')}`;
  const long = services.map((service) => {
    const seconds = tracedServices[service].slowAfterSeconds + 1;
    return { service, spans: [{ traceId: newTraceId(), name: 'long', seconds }] };
  });
  return sendSpans(url, ...long);
};

const failToLogIn = (): Promise<Response> =>
  fetch(`http://${stack().podOf('backend').host}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'user1', password: 'wrong' }),
  });

/** The lines that the guide's questions are about. */
const writeLines = (): Promise<void> => {
  const timestamp = new Date().toISOString();
  for (const { meant } of Object.values(questions))
    for (const event of meant)
      containerLog({ ...stack().podOf(event.service), name: `${event.service}-of-dashboards` }).write([
        JSON.stringify({ timestamp, ...event }),
      ]);
  return nothing();
};

const takeNotifications = (isTaken: boolean) => (): Promise<void> => {
  stack().notifications.take(isTaken);
  return nothing();
};

const once = (begins: () => Promise<unknown>): Situation => ({ begins, ends: nothing });

const situations = {
  'a container restarts': once(restart),
  'every connection to the database is in use': fault('backend', 'exhausted-connections'),
  'every service fails': { begins: everyService('PUT'), ends: everyService('DELETE') },
  'the backend takes its time': fault('backend', 'latency', { seconds: 2 }),
  'every service takes longer than it should': once(sendLongSpans),
  'somebody fails to log in': once(failToLogIn),
  'services write what the questions look for': once(writeLines),
  'a pod is silent': fault('worker', 'silence', { mode: 'close' }),
  'nobody takes notifications': { begins: takeNotifications(false), ends: takeNotifications(true) },
  'a line is too old': once(rareEvents.sendsTooOldLine),
  'somebody asks for traces': once(rareEvents.asksJaeger),
  'somebody looks at a panel': once(rareEvents.asksGrafana),
  'there is enough history to judge by': once(nothing),
} as const satisfies Readonly<Record<string, Situation>>;

type SituationName = keyof typeof situations;

/** What fills each panel that is empty while all is well, by its title. */
const filledWhile: Partial<Readonly<Record<DashboardUid, Readonly<Record<string, SituationName>>>>> = {
  'application-overview': {
    Alerts: 'a pod is silent',
    'Alerts over time': 'a pod is silent',
    'Error log': 'every service fails',
    'Unusual signals': 'there is enough history to judge by',
  },
  'kubernetes-infrastructure': {
    'Containers that wait': 'a container restarts',
    'Containers that restarted': 'a container restarts',
    'Last ends of containers': 'a container restarts',
  },
  'ml-scaling': {
    'Alerts of scaled services and of the controller': 'a pod is silent',
    'ML scaling decisions': 'services write what the questions look for',
  },
  'database-performance': { 'Lines about the database': 'every connection to the database is in use' },
  logs: {
    'Errors by module': 'every service fails',
    'Errors with their traces': 'every service fails',
    'Errors of the backend': 'every service fails',
    'Worker task failures': 'every service fails',
    'High latency requests': 'the backend takes its time',
    'Authentication failures': 'somebody fails to log in',
    'ML scaling decisions': 'services write what the questions look for',
    'Errors without a trace': 'services write what the questions look for',
  },
  traces: {
    'Error traces of $service': 'every service fails',
    'Slow traces of backend': 'every service takes longer than it should',
    'Slow traces of worker': 'every service takes longer than it should',
    'Slow traces of ml-controller': 'every service takes longer than it should',
  },
  'observability-stack': {
    'Targets that are down': 'a pod is silent',
    'Why notifications failed': 'nobody takes notifications',
    'Lines refused': 'a line is too old',
    'Questions to the trace store': 'somebody asks for traces',
    'Questions to the trace store that fail': 'somebody asks for traces',
    'Time of questions to the trace store': 'somebody asks for traces',
    'How unusual signals are': 'there is enough history to judge by',
    'Questions of panels': 'somebody looks at a panel',
    'Questions of panels that fail': 'somebody looks at a panel',
  },
};

const situationOf = ({ uid }: ShownDashboard, { title, emptyWhileWell }: ShownPanel): SituationName | undefined =>
  emptyWhileWell === undefined ? undefined : filledWhile[uid]?.[title];

/** A fault, and how it shows. */
interface Effect {
  readonly name: string;
  readonly cause: Situation;
  readonly dashboard: DashboardUid;
  readonly panel: string;
  /** The query that tells; the first one, if left out. */
  readonly refId?: string;
  /** By how much its highest value rises, or by how much its lowest falls, at least. */
  readonly rises?: number;
  readonly falls?: number;
}

const effects: readonly Effect[] = [
  {
    name: 'errors',
    cause: fault('backend', 'errors', { ratio: 1 }),
    dashboard: 'application-overview',
    panel: 'Error rate',
    rises: 0.02,
  },
  {
    name: 'latency',
    cause: fault('backend', 'latency', { seconds: 3 }),
    dashboard: 'application-overview',
    panel: 'Response time',
    // The one that is of now: the others tell of minutes, in which something else may have been slow.
    refId: 'D',
    rises: 1,
  },
  {
    name: 'stuck-queue',
    cause: fault('worker', 'stuck-queue'),
    dashboard: 'ml-scaling',
    panel: 'Tasks that wait',
    rises: 20,
  },
  {
    name: 'exhausted-connections',
    cause: fault('backend', 'exhausted-connections'),
    dashboard: 'database-performance',
    panel: 'Pool in use by pod',
    rises: 0.3,
  },
  {
    name: 'memory',
    cause: fault('backend', 'memory', { mebibytes: 800 }),
    dashboard: 'kubernetes-infrastructure',
    panel: 'Memory of its limit',
    rises: 0.2,
  },
  {
    name: 'silence',
    cause: fault('worker', 'silence', { mode: 'close' }),
    dashboard: 'observability-stack',
    panel: 'Targets down',
    rises: 1,
  },
  {
    name: 'crash',
    cause: {
      begins: () => stack().kill(stack().podOf('ml-controller')),
      ends: () => stack().start(stack().podOf('ml-controller')),
    },
    dashboard: 'observability-stack',
    panel: 'Components that answer',
    falls: 1,
  },
];

const sources = (): Sources => {
  const { prometheus, loki, jaeger } = stack();
  return { prometheus, loki, jaeger, scrapeSeconds: profile.prometheus.scrapeInterval.toSeconds() };
};

interface Look {
  readonly answers: readonly Answer[];
  readonly milliseconds: number;
}

/** All that the targets of a panel answer, wherever it is repeated. */
const lookAt = async (dashboard: ShownDashboard, panel: ShownPanel, targets: readonly ShownTarget[]): Promise<Look> => {
  const choices = repeated(panel, await allChoices(sources(), dashboard));
  const began = performance.now();
  const answers: Answer[] = [];
  for (const each of choices)
    for (const target of targets) answers.push(await ask(sources(), target, panel.columns, each));
  return { answers, milliseconds: performance.now() - began };
};

const questionsWithout = (answers: readonly Answer[]): readonly string[] =>
  answers.filter(({ count }) => count === 0).map(({ question }) => question);

/** One line of the report: a panel, what it showed and how long that took. */
interface Line {
  readonly dashboard: ShownDashboard;
  readonly cells: readonly [panel: string, series: string, milliseconds: string];
  readonly look?: Look;
}

const lines: Line[] = [];

const seriesOf = ({ answers }: Look): number => answers.reduce((sum, { count }) => sum + count, 0);

const noteLook = (dashboard: ShownDashboard, name: string, look: Look): void => {
  lines.push({ dashboard, cells: [name, `${seriesOf(look)}`, look.milliseconds.toFixed(0)], look });
};

/** Until when what begins with the run has to be there; each gets a moment even later. */
const builtUpWithinSeconds = 75;
let began = 0;
const patience = (): PollOptions => ({
  withinSeconds: Math.max(5, Math.ceil(builtUpWithinSeconds - (performance.now() - began) / 1000)),
  everySeconds: 1,
});

const showsSomething = (dashboard: ShownDashboard, panel: ShownPanel, targets = panel.targets): Promise<void> =>
  eventually(
    nameOf(panel),
    async () => {
      const look = await lookAt(dashboard, panel, targets);
      expect(look.answers.length).toBeGreaterThan(0);
      expect(questionsWithout(look.answers)).toEqual([]);
      noteLook(dashboard, nameOf(panel), look);
    },
    patience(),
  );

/** Why a target has no answer on this machine, if so. */
const whyNotAnswered = ({ datasource, expr = '' }: ShownTarget): string | undefined => {
  if (datasource.uid !== 'prometheus') return undefined;
  const [reason] = [...exposersOf(expr, profile)].flatMap((exposer) => whyMissing(exposer) ?? []);
  return reason;
};

const skip = (dashboard: ShownDashboard, name: string, reason: string): void => {
  lines.push({ dashboard, cells: [name, 'skipped', ''] });
  test.skip(`${name}: ${reason}`, nothing);
};

/** Tests of a panel, and of the targets that this machine cannot answer only their names. */
const testPanel = (dashboard: ShownDashboard, panel: ShownPanel): void => {
  const answered = panel.targets.filter((target) => whyNotAnswered(target) === undefined);
  for (const target of panel.targets) {
    const reason = whyNotAnswered(target);
    if (reason !== undefined) skip(dashboard, `${nameOf(panel)} ${target.refId}`, reason);
  }
  if (answered.length > 0) test(nameOf(panel), () => showsSomething(dashboard, panel, answered));
};

const all = shown.flatMap((dashboard) => dashboard.panels.map((panel) => ({ dashboard, panel })));

describe.each(shown.map((dashboard) => ({ ...dashboard, dashboard })))(
  '$title: every panel has something to show',
  ({ dashboard }) => {
    beforeAll(() => {
      began ||= performance.now();
    });

    test('there is something to choose of each variable', () =>
      eventually('variables', () => allChoices(sources(), dashboard), patience()));

    for (const annotation of dashboard.annotations)
      test(`${annotation.name} (annotation)`, () =>
        eventually(
          annotation.name,
          async () => {
            const answer = await askAnnotation(sources(), annotation, await allChoices(sources(), dashboard));
            expect(questionsWithout([answer])).toEqual([]);
          },
          patience(),
        ));

    for (const panel of dashboard.panels) if (panel.emptyWhileWell === undefined) testPanel(dashboard, panel);

    const here = dashboard.panels.map(nameOf);
    const reason = deploymentOf(production)
      .features.filter((feature) => !deploymentOf(profile).features.includes(feature))
      .join(' or ');
    for (const panel of dashboardOf(dashboard.uid, dashboardFilesOf(production)[dashboard.uid]).panels)
      if (!here.includes(nameOf(panel))) skip(dashboard, nameOf(panel), `there is no ${reason} here`);
  },
);

test('every panel that is empty while well has a situation that fills it', () => {
  const mayBeEmpty = all.flatMap(({ dashboard, panel }) =>
    panel.emptyWhileWell === undefined ? [] : [`${dashboard.uid}: ${panel.title}`],
  );
  const filled = Object.entries(filledWhile).flatMap(([uid, titles]) =>
    Object.keys(titles).map((title) => `${uid}: ${title}`),
  );
  expect(filled.toSorted()).toEqual([...new Set(mayBeEmpty)].toSorted());
});

for (const [name, { begins, ends }] of Object.entries<Situation>(situations)) {
  const filled = all.filter(({ dashboard, panel }) => situationOf(dashboard, panel) === name);
  if (filled.length === 0) continue;
  describe(`while ${name}, there is something to see in what is empty while well`, () => {
    beforeAll(begins);
    afterAll(ends);
    for (const { dashboard, panel } of filled)
      describe(dashboard.title, () => {
        testPanel(dashboard, panel);
      });
  });
}

describe('a fault shows in its panel', () => {
  const found = ({ dashboard: uid, panel: title, refId = 'A' }: Effect) => {
    const at = all.find(({ dashboard, panel }) => dashboard.uid === uid && panel.title === title);
    const target = at?.panel.targets.find((each) => each.refId === refId);
    if (at === undefined || target === undefined) throw new Error(`${uid} has no query ${refId} of a panel ${title}`);
    return { ...at, target };
  };

  test.each(effects)('$name: $dashboard, $panel', async (effect) => {
    const { cause, rises, falls = 0 } = effect;
    const { dashboard, panel, target } = found(effect);
    const value = async (): Promise<number> => {
      const { answers } = await lookAt(dashboard, panel, [target]);
      const latest = answers.flatMap((answer) => answer.latest);
      expect(latest.length).toBeGreaterThan(0);
      return rises === undefined ? Math.min(...latest) : Math.max(...latest);
    };
    const before = await eventually(panel.title, async () => {
      const found = await value();
      // What is over from before may still show.
      expect(found).toBeGreaterThanOrEqual(falls);
      return found;
    });
    await cause.begins();
    try {
      await eventually(
        panel.title,
        async () => {
          const now = await value();
          if (rises === undefined) expect(now).toBeLessThanOrEqual(before - falls);
          else expect(now).toBeGreaterThanOrEqual(before + rises);
        },
        { withinSeconds: 60, everySeconds: 0.5 },
      );
    } finally {
      await cause.ends();
    }
  });
});

afterAll(() => {
  const rows = shown.flatMap((dashboard) => {
    const its = lines.filter((line) => line.dashboard === dashboard);
    const looks = its.flatMap(({ look }) => look ?? []);
    const series = looks.reduce((sum, look) => sum + seriesOf(look), 0);
    const milliseconds = looks.reduce((sum, look) => sum + look.milliseconds, 0);
    return [
      [dashboard.title, `${series}`, milliseconds.toFixed(0)],
      ...its.map(({ cells: [panel, ...rest] }) => [`  ${panel}`, ...rest]),
    ];
  });
  process.stdout.write(`\n${table([['dashboards', 'series', 'ms'], ...rows])}\n\n`);
});
