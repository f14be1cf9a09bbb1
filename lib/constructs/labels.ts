import { isService } from '../catalog/components';

/** What tells the objects of one component from another's. */
export interface Identity {
  readonly name: string;
  /** Name of the deployment, which is that of its profile. */
  readonly instance: string;
  readonly version: string;
}

type Labels = Readonly<Record<string, string>>;

/** The labels that find its pods. They never change, since a selector cannot; so the version is not among them. */
export const selectorLabels = ({ name, instance }: Pick<Identity, 'name' | 'instance'>): Labels => ({
  'app.kubernetes.io/name': name,
  'app.kubernetes.io/instance': instance,
});

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/ */
export const labels = (identity: Identity): Labels => ({
  ...selectorLabels(identity),
  'app.kubernetes.io/version': identity.version,
  'app.kubernetes.io/component': identity.name,
  'app.kubernetes.io/part-of': isService(identity.name) ? 'autoserve' : 'autoserve-monitoring',
  'app.kubernetes.io/managed-by': 'cdk8s',
});
