import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { program } from '../../tools/programs';
import { run } from '../../tools/run';
import { notificationsFile } from '../harness/rendered';
import { temporaryDirectory } from '../harness/temporary-directory';

type Labels = Readonly<Record<string, string>>;

interface Alert {
  readonly status: 'firing' | 'resolved';
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly startsAt: string;
  readonly endsAt: string;
}

/** What Alertmanager hands to a template. */
interface Notification {
  readonly alerts: readonly Alert[];
  readonly groupLabels?: Labels;
}

const group = { cluster: 'production', service: 'backend' };
const runbooks = 'https://runbooks.example.org';
const grafana = 'https://grafana.example.org';

const firing = (alertname: string, severity: string, more: Partial<Alert> = {}): Alert => ({
  status: 'firing',
  labels: { alertname, severity, ...group },
  annotations: {
    summary: `${alertname} of backend`,
    description: 'What it means for those who use it.',
    runbook_url: `${runbooks}/${alertname}`,
    dashboard_url: `${grafana}/d/application-overview?var-service=backend`,
    logs_url: `${grafana}/d/logs?var-service=backend`,
  },
  startsAt: '2026-09-20T05:12:05.123+02:00',
  endsAt: '0001-01-01T00:00:00Z',
  ...more,
});

const resolved = (alertname: string, severity: string): Alert =>
  firing(alertname, severity, { status: 'resolved', endsAt: '2026-09-20T03:40:00Z' });

/** Labels that all alerts agree in. */
const common = (all: readonly Labels[]): Labels =>
  Object.fromEntries(Object.entries(all[0] ?? {}).filter(([name, value]) => all.every((each) => each[name] === value)));

const render = async (
  template: string,
  { alerts, groupLabels = group }: Notification,
  type: 'text' | 'html' = 'text',
): Promise<string> => {
  const data = join(temporaryDirectory('notification'), 'data.json');
  writeFileSync(
    data,
    JSON.stringify({
      receiver: 'page',
      status: alerts.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
      alerts,
      groupLabels,
      commonLabels: common(alerts.map(({ labels }) => labels)),
      commonAnnotations: common(alerts.map(({ annotations }) => annotations)),
      externalURL: 'https://alertmanager.example.org',
    }),
  );
  const { code, stdout, stderr } = await run(await program('amtool'), [
    'template',
    'render',
    `--template.glob=${notificationsFile}`,
    `--template.text={{ template "notification.${template}" . }}`,
    `--template.data=${data}`,
    `--template.type=${type}`,
  ]);
  if (code !== 0) throw new Error(stderr);
  return stdout;
};

const twoFire: Notification = {
  alerts: [
    firing('HighErrorRate', 'critical'),
    firing('ErrorBudgetBurnsFast', 'critical'),
    resolved('DatabaseConnectionHigh', 'critical'),
  ],
};
const oneIsOver: Notification = { alerts: [resolved('HighLatency', 'warning')] };

describe.each<readonly [string, Notification]>([
  ['two alerts fire and one is over', twoFire],
  ['all is over', oneIsOver],
])('when %s', (_, notification) => {
  test.each<readonly [string, 'text' | 'html']>([
    ['title', 'text'],
    ['text', 'text'],
    ['slack', 'text'],
    ['html', 'html'],
  ])('the %s as %s', async (template, type) => {
    expect(await render(template, notification, type)).toMatchSnapshot();
  });
});

describe('the title', () => {
  test('counts what fires and names each kind once, with service and cluster', async () => {
    const pods = ['a', 'b'].map((pod) =>
      firing('PodNotReady', 'warning', { labels: { alertname: 'PodNotReady', severity: 'warning', ...group, pod } }),
    );
    const alerts = [...pods, firing('HighLatency', 'warning'), resolved('HighMemoryUsage', 'warning')];
    expect(await render('title', { alerts })).toBe('[FIRING:3] backend · PodNotReady, HighLatency (production)');
  });

  test('names what is over', async () => {
    expect(await render('title', oneIsOver)).toBe('[RESOLVED] backend · HighLatency (production)');
  });

  test('does without a service and a cluster', async () => {
    const alerts = [firing('Stranger', 'warning')];
    expect(await render('title', { alerts, groupLabels: {} })).toBe('[FIRING:1] Stranger');
  });
});

test.each([
  ['critical', 'critical', 'P1', 'danger'],
  ['warning', 'warning', 'P3', 'warning'],
  ['info', 'info', 'P5', 'warning'],
  ['odd', 'error', 'P3', 'warning'],
])('of severity %s, PagerDuty hears %s, Opsgenie %s and Slack %s', async (severity, pagerDuty, opsgenie, slack) => {
  const notification = { alerts: [firing('Any', severity)] };
  expect(await render('severity', notification)).toBe(pagerDuty);
  expect(await render('priority', notification)).toBe(opsgenie);
  expect(await render('color', notification)).toBe(slack);
  expect(await render('color', oneIsOver)).toBe('good');
});

const bodies = ['text', 'slack', 'html'] as const;
const body = (template: (typeof bodies)[number], notification: Notification): Promise<string> =>
  render(template, notification, template === 'html' ? 'html' : 'text');

test.each(bodies)(
  'of more alerts than anybody reads, %s has the first ten and says how many more',
  async (template) => {
    const alerts = Array.from({ length: 13 }, (_, index) => firing(`Alert${index}x`, 'warning'));
    const text = await body(template, { alerts });
    expect(text).toContain('Alert9x of backend');
    expect(text).not.toContain('Alert10x of backend');
    expect(text).toContain('and 3 more');
    expect(await body(template, { alerts: alerts.slice(0, 10) })).not.toContain(' more');
  },
);

test.each(bodies)('in %s, an alert without annotations is still told, and can be silenced', async (template) => {
  const text = await body(template, { alerts: [firing('Stranger', 'warning', { annotations: {} })] });
  expect(text).toContain('Stranger');
  expect(text).toContain('/#/silences/new?filter=%7B');
  expect(text).not.toMatch(/no value|Runbook|Dashboard|Logs/);
});

describe('whatever characters a label or an annotation has', () => {
  const odd = `a "b" \\c <script>alert(1)</script> & d+e=f, {g} {{ .ExternalURL }} #h ?i %2F 'j' é\nk`;
  const labels: Labels = { alertname: 'Odd', severity: 'warning', ...group, path: odd };
  const notification: Notification = {
    alerts: [
      firing('Odd', 'warning', {
        labels,
        annotations: {
          summary: odd,
          description: odd,
          runbook_url: 'javascript:alert(1)',
          logs_url: `https://x/"><b>`,
        },
      }),
    ],
  };

  /** The matchers of the silence that a link opens, read as the interface of Alertmanager reads them. */
  const silenced = (text: string): Labels => {
    const [, filter = ''] = /\/#\/silences\/new\?filter=([^\s"|>]*)/.exec(text) ?? [];
    const inner = decodeURIComponent(filter).replace(/^\{|\}$/g, '');
    const matchers = [...inner.matchAll(/([a-z_]+)=("(?:[^"\\]|\\.)*"),?/g)];
    return Object.fromEntries(
      matchers.map(([, name = '', value = '""']): [string, string] => [name, JSON.parse(value) as string]),
    );
  };

  test.each(bodies)('in %s, the link to silence names exactly this alert', async (template) => {
    expect(silenced(await body(template, notification))).toEqual(labels);
  });

  test('HTML shows them as text, and follows no link but to the web', async () => {
    const html = await render('html', notification, 'html');
    expect(html).not.toMatch(/<script|<b>"|javascript:|"><b>/);
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; d&#43;e=f');
    expect(html).toContain('{{ .ExternalURL }}');
  });

  test('Slack sees neither a mention nor a link in them', async () => {
    const mention = { ...labels, alertname: '<!channel>' };
    const alerts = [firing('Odd', 'warning', { labels: mention, annotations: { summary: '<!here> & <https://x|y>' } })];
    const text = await render('slack', { alerts });
    expect(text).toContain('&lt;!channel&gt;');
    expect(text).toContain('&lt;!here&gt; &amp; &lt;https://x|y&gt;');
    expect(await render('title', { alerts })).toBe('[FIRING:1] backend · !channel (production)');
  });
});
