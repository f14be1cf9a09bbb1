import { ApiObject, Chart, type ChartProps } from 'cdk8s';
import type { Construct } from 'constructs';

/** A pod's identity and the host paths that it may mount, read-only. */
export interface HostAccess {
  readonly serviceAccountName: string;
  readonly readOnlyPaths: readonly string[];
}

export interface AgentAdmissionChartProps extends ChartProps {
  /** The namespace of the agents, which Pod Security leaves open. */
  readonly agentNamespace: string;
  readonly allowed: readonly HostAccess[];
}

const quoted = (text: string): string => JSON.stringify(text);

/** The names of the pod's volumes on one of these host paths, in CEL. */
const volumesOutside = (paths: readonly string[]): string =>
  `!has(object.spec.volumes) || object.spec.volumes.all(v, !has(v.hostPath) || v.hostPath.path in [${paths.map(quoted).join(', ')}])`;

/** Every mount of a host path, by any container, is read-only. */
const mountsReadOnly = (containers: string): string =>
  `!has(object.spec.${containers}) || object.spec.${containers}.all(c, !has(c.volumeMounts) || c.volumeMounts.all(m, (has(m.readOnly) && m.readOnly) || !object.spec.volumes.exists(v, v.name == m.name && has(v.hostPath))))`;

const unprivileged = (containers: string): string =>
  `!has(object.spec.${containers}) || object.spec.${containers}.all(c, has(c.securityContext) && (!has(c.securityContext.privileged) || !c.securityContext.privileged) && has(c.securityContext.allowPrivilegeEscalation) && !c.securityContext.allowPrivilegeEscalation && has(c.securityContext.capabilities) && has(c.securityContext.capabilities.drop) && 'ALL' in c.securityContext.capabilities.drop)`;

const bothKindsOf = (expression: (containers: string) => string): string =>
  ['containers', 'initContainers'].map((containers) => `(${expression(containers)})`).join(' && ');

/**
 * Narrows the namespace of the agents, where Pod Security has to allow host paths, to exactly those that each agent
 * needs. Whoever can create a pod there still cannot become root on the node.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export class AgentAdmissionChart extends Chart {
  constructor(scope: Construct, id: string, { agentNamespace, allowed, ...props }: AgentAdmissionChartProps) {
    super(scope, id, props);
    const name = `${agentNamespace}-host-access`;
    const accounts = allowed.map(({ serviceAccountName }) => quoted(serviceAccountName)).join(', ');
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
            },
          ],
        },
        validations: [
          {
            expression: `object.spec.serviceAccountName in [${accounts}]`,
            message: `only the agents ${accounts} run in this namespace`,
          },
          ...allowed.map(({ serviceAccountName, readOnlyPaths }) => ({
            expression: `object.spec.serviceAccountName != ${quoted(serviceAccountName)} || (${volumesOutside(readOnlyPaths)})`,
            message: `${serviceAccountName} mounts no host path but ${readOnlyPaths.join(', ')}`,
          })),
          { expression: bothKindsOf(mountsReadOnly), message: 'host paths are mounted read-only' },
          {
            expression: bothKindsOf(unprivileged),
            message: 'containers are unprivileged, cannot gain privileges and drop all capabilities',
          },
          {
            expression: '!has(object.spec.ephemeralContainers) || object.spec.ephemeralContainers.size() == 0',
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
