import type { k8s } from 'cdk8s-plus-28';
import { selectorLabels } from './labels';
import { podTemplate, type PodProps } from './pod';
import { volumeClaim, type ClaimedVolume } from './volume-claim';

export interface ReplicatedProps {
  /** Of its pods; `data` is the name of their volume. */
  readonly pod: PodProps;
  /** The headless Service through which each replica has an address of its own. */
  readonly governingService: string;
  readonly replicas: number;
  /** What each replica claims for itself, and keeps. */
  readonly volume: ClaimedVolume;
}

/** Replicas that each have a name and a volume of their own. */
export const replicated = ({ pod, governingService, replicas, volume }: ReplicatedProps): k8s.StatefulSetSpec => ({
  serviceName: governingService,
  replicas,
  // An update still goes one replica at a time and stops at the first that fails. With `OrderedReady` it would also
  // stay there: the pod with the bad configuration is not replaced when the good one comes back.
  podManagementPolicy: 'Parallel',
  selector: { matchLabels: { ...selectorLabels(pod.identity) } },
  persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
  volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: volumeClaim(volume) }],
  template: podTemplate(pod),
});
