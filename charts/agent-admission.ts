import { ApiObject, Chart, type ChartProps } from 'cdk8s';
import type { Construct } from 'constructs';

/** A pod's identity, the user that it runs as, and the host paths that it may mount. */
export interface HostAccess {
  readonly serviceAccountName: string;
  /** Numeric user and group. */
  readonly user: number;
  readonly paths: Readonly<Record<string, 'read-only' | 'read-write'>>;
  /** It may see the network and the processes of the node. */
  readonly sharesNamespaces: boolean;
}

export interface AgentAdmissionChartProps extends ChartProps {
  /** The namespace of the agents, which Pod Security leaves open. */
  readonly agentNamespace: string;
  readonly allowed: readonly HostAccess[];
}

const quoted = (text: string): string => JSON.stringify(text);

const list = (texts: readonly string[]): string => `[${texts.map(quoted).join(', ')}]`;

/** Common expression language: what the validations look at. */
const variables = {
  containers: 'object.spec.containers + object.spec.?initContainers.orValue([])',
  hostVolumes: 'object.spec.?volumes.orValue([]).filter(v, has(v.hostPath))',
};

const mountsOnly = (paths: readonly string[]): string =>
  `variables.hostVolumes.all(v, v.hostPath.path in ${list(paths)})`;

const ownNamespaces = '!object.spec.?hostNetwork.orValue(false) && !object.spec.?hostPID.orValue(false)';

/** No container writes to a host path but these. */
const writesOnlyTo = (paths: readonly string[]): string =>
  `variables.containers.all(c, c.?volumeMounts.orValue([]).all(m, m.?readOnly.orValue(false) || !variables.hostVolumes.exists(v, v.name == m.name && !(v.hostPath.path in ${list(paths)}))))`;

const unprivileged =
  "variables.containers.all(c, !c.?securityContext.privileged.orValue(false) && !c.?securityContext.allowPrivilegeEscalation.orValue(true) && 'ALL' in c.?securityContext.capabilities.drop.orValue([]) && c.?securityContext.capabilities.add.orValue([]).size() == 0 && c.?securityContext.seccompProfile.type.orValue('RuntimeDefault') == 'RuntimeDefault' && c.?securityContext.procMount.orValue('Default') == 'Default' && !c.?securityContext.seLinuxOptions.hasValue())";

/** Neither the pod nor any of its containers runs as another user or group, or joins further groups. */
const runsAs = (user: number): string =>
  [
    `object.spec.?securityContext.runAsUser.orValue(0) == ${user}`,
    `object.spec.?securityContext.runAsGroup.orValue(0) == ${user}`,
    'object.spec.?securityContext.supplementalGroups.orValue([]).size() == 0',
    `variables.containers.all(c, c.?securityContext.runAsUser.orValue(${user}) == ${user} && c.?securityContext.runAsGroup.orValue(${user}) == ${user})`,
  ].join(' && ');

/**
 * Narrows the namespace of the agents, where Pod Security has to allow host paths, to exactly those that each agent
 * needs. Whoever can create a pod there gets the rights of an agent and no others.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export class AgentAdmissionChart extends Chart {
  constructor(scope: Construct, id: string, { agentNamespace, allowed, ...props }: AgentAdmissionChartProps) {
    super(scope, id, props);
    const name = `${agentNamespace}-host-access`;
    const accounts = allowed.map(({ serviceAccountName }) => serviceAccountName);
    // cdk8s-plus-28 is older than the stable version of these two kinds.
    new ApiObject(this, 'Policy', {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name },
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          resourceRules: [
            {
              apiGroups: [''],
              apiVersions: ['v1'],
              operations: ['CREATE', 'UPDATE'],
              resources: ['pods', 'pods/ephemeralcontainers'],
              scope: 'Namespaced',
            },
          ],
        },
        variables: Object.entries(variables).map(([variable, expression]) => ({ name: variable, expression })),
        validations: [
          {
            expression: `object.spec.serviceAccountName in ${list(accounts)}`,
            message: `only these agents run in this namespace: ${accounts.join(', ')}`,
          },
          ...allowed.flatMap(({ serviceAccountName, user, paths, sharesNamespaces }) => {
            const mounted = Object.keys(paths);
            const written = mounted.filter((path) => paths[path] === 'read-write');
            const checks = [
              [`mounts no host path but ${mounted.join(', ')}`, mountsOnly(mounted)],
              [
                `writes to no host path${written.length > 0 ? ` but ${written.join(', ')}` : ''}`,
                writesOnlyTo(written),
              ],
              [`runs as user and group ${user}`, runsAs(user)],
              ...(sharesNamespaces ? [] : [['keeps to its own network and processes', ownNamespaces] as const]),
            ] as const;
            return checks.map(([message, expression]) => ({
              expression: `object.spec.serviceAccountName != ${quoted(serviceAccountName)} || (${expression})`,
              message: `${serviceAccountName} ${message}`,
            }));
          }),
          { expression: '!object.spec.?hostIPC.orValue(false)', message: "no agent shares the host's memory" },
          {
            expression: "object.spec.?securityContext.seccompProfile.type.orValue('') == 'RuntimeDefault'",
            message: 'agents run under the seccomp profile of the runtime',
          },
          {
            expression: unprivileged,
            message: 'containers are unprivileged, confined, cannot gain privileges and drop all capabilities',
          },
          {
            expression: 'object.spec.?ephemeralContainers.orValue([]).size() == 0',
            message: 'no debug containers: they would see what the agent sees',
          },
        ],
      },
    });
    new ApiObject(this, 'Binding', {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name },
      spec: {
        policyName: name,
        validationActions: ['Deny'],
        matchResources: {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': agentNamespace } },
        },
      },
    });
  }
}
