import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deploymentOf } from '../../charts/rule-files';
import { facts, indexPath, runbookDirectory, runbookPath, runbooks, sectionOf, sections } from '../../docs/runbooks';
import { runbookQueries } from '../../docs/runbooks/queries';
import type { RunbookQuery } from '../../docs/runbooks/query';
import { alertNames, type AlertName, runbookFile } from '../../lib/catalog/alerts';
import { catalog } from '../../lib/catalog/catalog';
import { components, type ComponentName } from '../../lib/catalog/components';
import { logFields } from '../../lib/catalog/logs';
import { seriesNames } from '../../lib/catalog/metric';
import { production } from '../../lib/profile/production';
import type { Profile } from '../../lib/profile/profile';
import { isLonger } from '../../lib/units/duration';
import packageJson from '../../package.json';
import { alerting } from '../../rules/rule-groups';
import { profileNames, profiles, rendered } from '../harness/rendered';
import { syntaxErrors as logqlErrors } from '../lib/query/logql/parse';
import { syntaxErrors as promqlErrors } from '../lib/query/promql/parse';

const root = join(__dirname, '../..');
const read = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');
const pageOf = (name: AlertName): string => read(runbookPath(name));

/** What a person wrote of an alert: all but the facts. */
const written = (page: string): string => page.replace(/^<!-- facts[^]*?<!-- end of facts -->\n/m, '');

const isAlert = (name: string): name is AlertName => alertNames.some((each) => each === name);
const isQuery = (name: string, number: number): boolean =>
  isAlert(name) && number >= 1 && number <= runbookQueries[name].length;

/** Each query that a text names, as in `queries 2 and 3`, `query 1 of [ModelStale](…)` or `[ModelStale](…), query 1`. */
const queriesNamed = (own: AlertName, text: string): readonly { readonly of: string; readonly number: number }[] =>
  [
    ...text
      .replace(/\s+/g, ' ')
      .matchAll(
        /(?:\[(\w+)\]\([^)]*\), )?[Qq]uer(?:y|ies) (\d+)(?:(?:,| and| or| to) (\d+))?(?:(?:,| and| or| to) (\d+))?(?: of \[(\w+)\])?/g,
      ),
  ].flatMap(([, before, first, second, third, after]) =>
    [first, second, third].flatMap((number: string | undefined) =>
      number === undefined ? [] : [{ of: before ?? after ?? own, number: Number(number) }],
    ),
  );

test('every alert has a page, and every page an alert', () => {
  const pages = readdirSync(runbookDirectory).filter((file) => file.endsWith('.md') && file !== 'README.md');
  expect(pages.sort()).toEqual(alertNames.map(runbookFile).sort());
});

test.each(profileNames)('every alert of %s leads to its page', (name) => {
  const profile = profiles[name];
  const links = alerting(deploymentOf(profile)).rules.map(({ alert, annotations }) => [
    annotations['runbook_url'],
    `${profile.links.runbooks}/${alert}.md`,
  ]);
  expect(links.length).toBeGreaterThan(0);
  for (const [link = '', expected] of links) {
    expect(link).toBe(expected);
    expect(readdirSync(runbookDirectory)).toContain(link.slice(profile.links.runbooks.length + 1));
  }
});

const files = [...runbooks()].map(([path, text]) => ({ file: path.slice(root.length + 1), path, text }));

test.each(files)('the facts of $file are what the model gives; when not, run `npm run docs`', ({ path, text }) => {
  expect(read(path)).toBe(text);
});

describe.each(alertNames)('the page of %s', (name) => {
  const page = pageOf(name);

  test('begins with what users feel, then the facts', () => {
    const [title, lede, next] = page.split('\n\n');
    expect(title).toBe(`# ${name}`);
    expect(lede).toMatch(/^\*\*[^]+\*\*/);
    expect(next).toBe('<!-- facts: written by npm run docs -->');
    expect(page).toContain(`\n${facts(name)}\n`);
  });

  test('has every section, in order, and something in each', () => {
    const headings = [...page.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(sections);
    expect(sections.filter((title) => sectionOf(page, title) === '')).toEqual([]);
  });

  test('says what to do step by step', () => {
    expect(sectionOf(page, 'What to do')).toMatch(/^1\. /m);
  });

  test('tells how to read its queries', () => {
    expect(sectionOf(page, 'Confirm')).toMatch(/[Qq]uer(y|ies) \d/);
  });

  test('speaks of queries that are there, its own or those of the page that it names', () => {
    expect(queriesNamed(name, written(page)).filter(({ of, number }) => !isQuery(of, number))).toEqual([]);
  });
});

const queries = alertNames.flatMap((name) =>
  runbookQueries[name].map((query: RunbookQuery, index) => ({ name, number: index + 1, query })),
);

test.each(queries)('query $number of $name parses, and looks no further back than is kept', ({ query }) => {
  if ('promql' in query) {
    expect(promqlErrors(query.promql.text)).toEqual([]);
    for (const { window } of query.promql.uses)
      if (typeof window === 'object') expect(isLonger(window, production.prometheus.retention)).toBe(false);
  }
  if ('logql' in query) expect(logqlErrors(query.logql.text)).toEqual([]);
  expect(query.shows).not.toMatch(/[.:]$/);
});

const pages = files.map(({ file, text }) => ({ file, text, own: written(text) }));

/** Where a heading of a page can be linked to. */
const anchorsOf = (page: string): readonly string[] =>
  [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );

test.each(pages)('every link of $file leads somewhere', ({ file, text }) => {
  const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link);
  const broken = links
    .filter((link) => !/^https?:/.test(link))
    .filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? join(root, file) : join(root, file, '..', path);
      return !existsSync(target) || (anchor !== undefined && !anchorsOf(read(target)).includes(anchor));
    });
  expect(broken).toEqual([]);
});

test('the index leads to every alert and says what it means', () => {
  const rows = [...read(indexPath).matchAll(/^\| \[(\w+)\]\((\w+\.md)\) +\| (.*\S) +\|$/gm)];
  expect(rows.map(([, name]) => name).sort()).toEqual([...alertNames].sort());
  for (const [, name = '', file, meaning] of rows) {
    expect(file).toBe(`${name}.md`);
    expect(meaning).toMatch(/[.!]$/);
  }
});

/** The blocks of shell in a page, as a shell reads them. */
const shellOf = (page: string): readonly string[] =>
  [...page.matchAll(/^( *)```sh\n([^]*?)^ *```/gm)].map(([, indent = '', text = '']) =>
    text.replace(new RegExp(`^${indent}`, 'gm'), ''),
  );

/** Each line of shell, joined where it goes on, and each command in running text. */
const commandsOf = (page: string): readonly string[] => [
  ...shellOf(page).flatMap((text) => text.replace(/\\\n\s*/g, '').split('\n')),
  ...[...page.matchAll(/`((?:kubectl|npm) [^`]+)`/g)]
    .map(([, text = '']) => text)
    // The name of a command alone is only spoken of.
    .filter((text) => !/^kubectl(?: [a-z-]+){1,2}$/.test(text)),
];

test.each(pages)('every command of $file is one that a shell can read', ({ text }) => {
  const errors = shellOf(text).map((input) => spawnSync('sh', ['-n'], { input, encoding: 'utf8' }).stderr);
  expect(errors.filter((error) => error !== '')).toEqual([]);
});

const kinds: Readonly<Record<string, string>> = {
  svc: 'Service',
  deployment: 'Deployment',
  statefulset: 'StatefulSet',
  daemonset: 'DaemonSet',
  pdb: 'PodDisruptionBudget',
  pvc: 'PersistentVolumeClaim',
};

interface Rendered {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: {
    readonly replicas?: number;
    readonly template?: { readonly spec?: { readonly containers: readonly { readonly name: string }[] } };
    readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
  };
}

const objects = profileNames.flatMap((name) => rendered(profiles[name]) as unknown as readonly Rendered[]);
const key = (kind: string, namespace: string, name: string): string => `${kind} ${namespace}/${name}`;

/** Every object that some profile renders, and the pods and claims that its StatefulSets make. */
const existing = new Set(
  objects.flatMap(({ kind, metadata: { name, namespace = '' }, spec }) => [
    key(kind, namespace, name),
    ...(kind === 'StatefulSet'
      ? [...Array(spec?.replicas ?? 1).keys()].flatMap((ordinal) => [
          key('Pod', namespace, `${name}-${ordinal}`),
          ...(spec?.volumeClaimTemplates ?? []).map(({ metadata }) =>
            key('PersistentVolumeClaim', namespace, `${metadata.name}-${name}-${ordinal}`),
          ),
        ])
      : []),
  ]),
);
const namespaces = new Set(
  Object.values<Profile>(profiles).flatMap((profile) => [
    ...Object.values(profile.namespaces),
    ...profile.autoserve.clientNamespaces,
    ...['default', 'kube-system', 'kube-node-lease'],
  ]),
);
const containers = new Set(
  objects.flatMap(({ spec }) => (spec?.template?.spec?.containers ?? []).map(({ name }) => name)),
);

/** Commands of kubectl that look at no namespace, or name it by what they render. */
const clusterWide =
  /^kubectl (?:(?:get|describe|top) (?:nodes?|pv|storageclass)\b|get --raw|auth can-i|cordon|uncordon|drain|taint|(?:apply|diff) -k)/;

/** The programs that an image of ours holds beside its own, and that need no shell. */
const inImages = ['promtool', 'amtool'];

/** What is wrong with a command: an object, a namespace, a script, a folder that is not there. */
const wrongWith = (command: string): readonly string[] => {
  const problems: string[] = [];
  for (const [, name = ''] of command.matchAll(/npm run ([a-z0-9:]+)/g))
    if (!(name in packageJson.scripts)) problems.push(`no script ${name}`);
  for (const [text] of command.matchAll(/kubectl [^|;&]*/g)) {
    const namespace = /(?:-n|--namespace)[ =](\S+)/.exec(text)?.[1];
    const folder = / -k (?:dist\/)?(\S+)/.exec(text)?.[1];
    if (folder !== undefined && !profileNames.some((name) => folder === name)) problems.push(`no profile ${folder}`);
    const run = / exec (?:.* )?-- (\S+)/.exec(text)?.[1];
    if (/ exec | attach | cp /.test(text) && !inImages.some((program) => program === run))
      problems.push('the images have no shell');
    for (const [, at = '', name = ''] of text.matchAll(/system:serviceaccount:([\w-]+):([\w-]+)/g))
      if (!existing.has(key('ServiceAccount', at, name))) problems.push(`no ServiceAccount ${at}/${name}`);
    for (const [, name = ''] of text.matchAll(/app\.kubernetes\.io\/name=([\w-]+)/g))
      if (!(name in components)) problems.push(`no component ${name}`);
    if (clusterWide.test(text) || / (?:-A|--all-namespaces)\b/.test(text)) continue;
    if (namespace === undefined) problems.push('no namespace');
    else if (!namespace.includes('$') && !namespaces.has(namespace)) problems.push(`no namespace ${namespace}`);
    // What stands before the slash of a label is no kind.
    for (const [, kind = '', name = ''] of text.matchAll(/(?<![\w./])([a-z]+)\/([\w-]+)/g)) {
      const known = kind === 'pod' ? 'Pod' : kinds[kind];
      if (known === undefined) problems.push(`${kind}: write one of pod, ${Object.keys(kinds).join(', ')}`);
      else if (namespace !== undefined && !namespace.includes('$') && !existing.has(key(known, namespace, name)))
        problems.push(`no ${key(known, namespace, name)}`);
    }
    for (const [, name = ''] of text.matchAll(/ (?:-c|--container)[ =]([\w-]+)/g))
      if (!containers.has(name)) problems.push(`no container ${name}`);
    const forwarded = /port-forward .*?\w+\/([\w-]+?)(?:-\d+)? (?:\d+:)?(\d+)/.exec(text);
    if (forwarded !== null) {
      const [, name = '', port] = forwarded;
      const ports: Readonly<Record<string, number>> = name in components ? components[name as ComponentName].ports : {};
      if (!Object.values(ports).includes(Number(port))) problems.push(`${name} has no port ${port ?? ''}`);
    }
  }
  return problems.map((problem) => `${command}: ${problem}`);
};

test.each(pages)('every command of $file names what some profile renders', ({ text }) => {
  expect(commandsOf(text).flatMap(wrongWith)).toEqual([]);
});

test('the commands that are looked at are those of the pages', () => {
  expect(wrongWith('kubectl logs deployment/backend -n autoserve-prod')).toEqual([]);
  for (const command of [
    'kubectl logs deployment/backend -n autoserve',
    'kubectl logs deployment/backend',
    'kubectl logs deployment/backends -n autoserve-prod',
    'kubectl logs statefulset/jaeger -n monitoring',
    'kubectl delete pod/loki-3 -n monitoring',
    'kubectl get pvc/data-loki -n monitoring',
    'kubectl get pods -n monitoring -l app.kubernetes.io/name=grafanas',
    'kubectl logs deployment/backend -n autoserve-prod -c sidecar',
    'kubectl port-forward -n monitoring svc/prometheus 9091',
    'kubectl exec -n monitoring pod/loki-0 -- curl localhost',
    'kubectl exec -n monitoring pod/prometheus-2 -- promtool check config /etc/prometheus/prometheus.yml',
    'kubectl get pods -A -l app.kubernetes.io/name=grafanas',
    'kubectl auth can-i list nodes --as=system:serviceaccount:monitoring:loki-agent',
    'kubectl apply -k dist/prod',
    'npm run synthesise',
  ])
    expect(wrongWith(command)).not.toEqual([]);
});

const known = new Set([...catalog.flatMap(seriesNames), ...catalog.map(({ name }) => name), ...Object.keys(logFields)]);
const namespaceOfNames =
  /^(?:alertmanager|anomaly|celery|container|db|fluentbit|go|http|instance|kube|kubelet|loki|model|node|otelcol|pg|process|prometheus|scaling|scrape|service|slo|tasks|traces)[_:][\w:]+$/;

test.each(pages)('every metric that $file names is kept', ({ own }) => {
  const names = [...own.matchAll(/`([a-z][\w:]+)`/g)].map(([, name = '']) => name);
  expect(names.filter((name) => namespaceOfNames.test(name) && !known.has(name))).toEqual([]);
});

const has = (value: unknown, [first, ...rest]: readonly string[]): boolean =>
  first === undefined ||
  (typeof value === 'object' &&
    value !== null &&
    first in value &&
    has((value as Record<string, unknown>)[first], rest));

test.each(pages)('every setting and file that $file names is there', ({ own }) => {
  const texts = [...own.matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text);
  const settings = texts
    .filter(
      (text) =>
        /^[a-zA-Z]+(?:\.[\w-]+)+$/.test(text) &&
        !/\.(?:ya?ml|json|ts|md)$/.test(text) &&
        (text.split('.')[0] ?? '') in production,
    )
    .filter((text) => !Object.values<Profile>(profiles).some((profile) => has(profile, text.split('.'))));
  const paths = texts.filter(
    (text) =>
      /^(?:lib|charts|rules|apps|docs|test|tools)\/[^<*{ ]*$|^site\.ts$/.test(text) && !existsSync(join(root, text)),
  );
  expect([...settings, ...paths]).toEqual([]);
});
