import { eventually } from '../harness/eventually';
import { containerLog, type ContainerLog } from './container-logs';
import type { StoredLine } from './loki-api';
import type { Labels } from './prometheus-api';
import { stack } from './running-stack';

/** The log of a pod that nobody knows of but the kubelet; of the application on the first node by default. */
export const logOf = (
  name: string,
  container: string,
  props: { readonly namespace?: string; readonly node?: string } = {},
): ContainerLog => {
  const { profile, cluster } = stack();
  const { namespace = profile.namespaces.application, node = cluster.nodes[0].name } = props;
  return containerLog({ name, namespace, node, containers: [{ name: container }] });
};

/** The stream in which the lines of a container lie. */
export const streamOf = (namespace: string, container: string): Labels => ({
  job: 'fluent-bit',
  service: container,
  namespace,
  container,
});

export const linesNow = (pod: string): Promise<readonly StoredLine[]> =>
  stack().loki.lines(`{job="fluent-bit"} | pod="${pod}"`);

/** The lines of a pod, once there are as many as that. */
export const linesOf = (pod: string, count: number): Promise<readonly StoredLine[]> =>
  eventually(`${count} lines of ${pod}`, async () => {
    const lines = await linesNow(pod);
    if (lines.length < count) throw new Error(`${lines.length} are there`);
    return lines;
  });

export const onlyLineOf = async (pod: string): Promise<StoredLine> => {
  const [line, ...others] = await linesOf(pod, 1);
  if (line === undefined || others.length > 0) throw new Error(`${pod} has more lines than one`);
  return line;
};
