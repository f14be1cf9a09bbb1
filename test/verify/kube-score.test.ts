import { program } from '../../tools/programs';
import { run } from '../../tools/run';
import { profileNames, profiles, rendered } from '../harness/rendered';

/** A finding that stands, and why it does. */
interface Exception {
  readonly check: string;
  /** The objects that it concerns, as `Kind/name`. */
  readonly objects: RegExp;
  readonly reason: string;
}

const exceptions: readonly Exception[] = [
  {
    check: 'deployment-strategy',
    objects: /^Deployment\/(ml-controller|anomaly-detector|kube-state-metrics|postgres-exporter|jaeger|grafana)$/,
    reason: 'Recreate: in a rolling update two would decide, tell or count at once, or want one volume',
  },
  {
    check: 'networkpolicy-targets-pod',
    objects: /^NetworkPolicy\/annotated-pods$/,
    reason: 'it is for pods that others bring into the namespace',
  },
  {
    check: 'container-resources',
    objects: /./,
    reason: 'no CPU limits: they throttle a container while its node is idle; memory and disk are limited',
  },
  {
    check: 'container-image-pull-policy',
    objects: /./,
    reason: 'images are pinned by digest or exact version: Always would only make a restart need the registry',
  },
  {
    check: 'pod-probes-identical',
    objects: /^(DaemonSet\/node-exporter|Deployment\/postgres-exporter)$/,
    reason: 'they answer on / alone without doing work',
  },
  {
    check: 'pod-probes-identical',
    objects: /^Deployment\/jaeger$/,
    reason: 'it has one health page; a restart takes six failures, leaving the Service one',
  },
  {
    check: 'container-security-context-user-group-id',
    objects: /^DaemonSet\/fluent-bit$/,
    reason: 'the logs of a node belong to root, and nobody else may read them',
  },
  {
    check: 'container-security-context-user-group-id',
    objects: /^Deployment\/grafana$/,
    reason: 'it is the user of its image, 472, as volumes of Grafana have it everywhere',
  },
  {
    check: 'deployment-replicas',
    objects: /^Deployment\/(ml-controller|anomaly-detector|kube-state-metrics|postgres-exporter|jaeger)$/,
    reason: 'a second replica would decide, tell or count twice, or see a part of each trace',
  },
  {
    check: 'deployment-has-host-podantiaffinity',
    objects: /^Deployment\/(backend|worker|grafana)$/,
    reason: 'topology spread constraints do it, and do not leave a pod pending on a small cluster',
  },
  {
    check: 'statefulset-has-host-podantiaffinity',
    objects: /^StatefulSet\/(prometheus|alertmanager|loki)$/,
    reason: 'topology spread constraints do it, and do not leave a pod pending on a small cluster',
  },
  {
    check: 'deployment-replicas',
    objects: /^Deployment\/(backend|worker|grafana)$/,
    reason: 'local and staging run one copy of everything',
  },
];

interface Scored {
  readonly type_meta: { readonly kind: string };
  readonly object_meta: { readonly name: string };
  readonly checks: readonly {
    readonly check: { readonly id: string };
    readonly grade: number;
    readonly skipped: boolean;
    readonly comments: readonly { readonly summary: string }[] | null;
  }[];
}

/** Findings of kube-score: whatever is below its best grade. */
const findings = async (manifests: readonly object[]) => {
  const input = manifests.map((manifest) => JSON.stringify(manifest)).join('\n---\n');
  const args = ['score', '--output-format', 'json', '--kubernetes-version', 'v1.36', '-'];
  const { stdout } = await run(await program('kube-score'), args, { input });
  const best = 10;
  return (JSON.parse(stdout) as readonly Scored[]).flatMap(({ type_meta, object_meta, checks }) =>
    checks
      .filter(({ grade, skipped }) => !skipped && grade < best)
      .map(({ check, comments }) => ({
        check: check.id,
        object: `${type_meta.kind}/${object_meta.name}`,
        summary: (comments ?? []).map(({ summary }) => summary).join('; '),
      })),
  );
};

const excuses = (exception: Exception, finding: { readonly check: string; readonly object: string }): boolean =>
  exception.check === finding.check && exception.objects.test(finding.object);

test.each(profileNames)('kube-score finds nothing in profile %s but the named exceptions', async (name) => {
  const found = await findings(rendered(profiles[name]));
  expect(found.filter((finding) => !exceptions.some((exception) => excuses(exception, finding)))).toEqual([]);
});

test('every exception is needed', async () => {
  const found = (await Promise.all(profileNames.map((name) => findings(rendered(profiles[name]))))).flat();
  expect(exceptions.filter((exception) => !found.some((finding) => excuses(exception, finding)))).toEqual([]);
});

test('kube-score would find a container that may write to its root file system', async () => {
  const text = JSON.stringify(rendered(profiles.local)).replaceAll(
    '"readOnlyRootFilesystem":true',
    '"readOnlyRootFilesystem":false',
  );
  const found = await findings(JSON.parse(text) as readonly object[]);
  expect(found.map(({ check }) => check)).toContain('container-security-context-readonlyrootfilesystem');
});
