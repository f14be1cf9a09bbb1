import { ApiObject, type Chart } from 'cdk8s';
import { toYaml } from '../lib/config/to-yaml';

/** An object as it is written to a file. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [key: string]: unknown;
}

/**
 * The objects of a chart, one by one: `Chart.toJson` resolves and validates the whole App for each chart, so that the
 * cost of many grows with their square.
 */
export const manifestsOf = (chart: Chart): readonly Manifest[] =>
  chart.node.findAll().flatMap((node) => (ApiObject.isApiObject(node) ? [node.toJson() as Manifest] : []));

/** A file of objects, each a document of its own. */
export const manifestFile = (manifests: readonly Manifest[]): string => manifests.map(toYaml).join('---\n');
