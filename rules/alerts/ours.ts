import { anyOf, type Comparison } from '../../lib/query/promql/matcher';
import type { Deployment } from './definition';

/** The namespaces of this deployment: what others run is theirs to watch. */
export const ours = ({ namespaces }: Deployment): { readonly namespace: Comparison } => {
  const { application, monitoring, agents } = namespaces;
  return { namespace: anyOf(application, monitoring, agents) };
};
