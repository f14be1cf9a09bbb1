import { AgentAdmissionChart, type AgentAdmissionChartProps, type HostAccess } from '../../charts/agent-admission';
import { ofKind } from '../manifests/output';
import { objectsOf } from './objects';

const synth = (overrides: Partial<AgentAdmissionChartProps> = {}) =>
  objectsOf(
    (app) =>
      new AgentAdmissionChart(app, 'agent-admission', {
        agentNamespace: 'nodes',
        allowed: [
          {
            serviceAccountName: 'node-exporter',
            user: 65534,
            paths: { '/': 'read-only', '/sys': 'read-only' },
            sharesNamespaces: true,
          },
        ],
        ...overrides,
      }),
  );

const policyOf = (overrides: Partial<AgentAdmissionChartProps> = {}) =>
  ofKind(synth(overrides), 'ValidatingAdmissionPolicy')[0]?.spec;

test('the whole chart', () => {
  expect(synth()).toMatchSnapshot();
});

test('a pod is looked at when it is made, changed, or given a debug container', () => {
  expect(policyOf()?.matchConstraints?.resourceRules).toMatchObject([
    { operations: ['CREATE', 'UPDATE'], resources: ['pods', 'pods/ephemeralcontainers'] },
  ]);
});

test('a policy that cannot be evaluated refuses the pod', () => {
  expect(policyOf()?.failurePolicy).toBe('Fail');
});

test('every agent has its own paths and user, and no other ServiceAccount may run', () => {
  const allowed: readonly HostAccess[] = [
    { serviceAccountName: 'a', user: 1, paths: { '/sys': 'read-only' }, sharesNamespaces: true },
    {
      serviceAccountName: 'b',
      user: 0,
      paths: { '/var/log': 'read-only', '/var/lib/b': 'read-write' },
      sharesNamespaces: false,
    },
  ];
  const messages = (policyOf({ allowed })?.validations ?? []).map(({ message }) => message);
  expect(messages).toEqual([
    'only these agents run in this namespace: a, b',
    'a mounts no host path but /sys',
    'a writes to no host path',
    'a runs as user and group 1',
    'b mounts no host path but /var/log, /var/lib/b',
    'b writes to no host path but /var/lib/b',
    'b runs as user and group 0',
    'b keeps to its own network and processes',
    "no agent shares the host's memory",
    'agents run under the seccomp profile of the runtime',
    'containers are unprivileged, confined, cannot gain privileges and drop all capabilities',
    'no debug containers: they would see what the agent sees',
  ]);
});

test('no other namespace is touched', () => {
  expect(ofKind(synth({ agentNamespace: 'elsewhere' }), 'ValidatingAdmissionPolicyBinding')[0]?.spec).toMatchObject({
    matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'elsewhere' } } },
  });
});
