import { kubelet, kubeStateMetrics } from '../catalog/kubernetes';
import { maxBy, sumBy } from '../query/promql/aggregate';
import type { Vector } from '../query/promql/expression';
import { chosen, type Comparison } from '../query/promql/matcher';
import { above, ratio } from '../query/promql/operators';
import { select } from '../query/promql/select';
import { firesBelow, legend, plot, tellsOf, type Signal } from './signal';

// How full the volumes of pods are.

const ofNamespaces = { namespace: chosen('namespace') } as const;

interface OfNamespaces {
  readonly namespace: Comparison;
}

// Each node that mounts a claim tells of it.
const ofClaim = ['namespace', 'persistentvolumeclaim'] as const;

const availableIn = (where: OfNamespaces) =>
  maxBy(select(kubelet.kubelet_volume_stats_available_bytes, where), ...ofClaim);
const sizeIn = (where: OfNamespaces) => maxBy(select(kubelet.kubelet_volume_stats_capacity_bytes, where), ...ofClaim);

/** Share of each claim that is free, 0 to 1. */
export const volumeSpaceLeft = (where: OfNamespaces): Vector<(typeof ofClaim)[number]> =>
  ratio(availableIn(where), sizeIn(where));

const available = availableIn(ofNamespaces);
const size = sizeIn(ofNamespaces);
const left = volumeSpaceLeft(ofNamespaces);

export const volumeSpace: Signal = {
  title: 'Space left on volumes',
  emptyWithout: 'The storage does not report how full its volumes are.',
  description:
    'Share of each mounted claim that is free. Below the dashed line its program soon cannot write: enlarge the claim, or shorten the retention of what is on it.',
  unit: 'ratio',
  queries: [plot(left, legend`${'namespace'}: ${'persistentvolumeclaim'}`)],
  watchedBy: [firesBelow('VolumeAlmostFull'), tellsOf('VolumeFillingUp')],
};

export const volumeSizes: Signal = {
  title: 'Volumes',
  emptyWithout: 'The storage does not report how full its volumes are.',
  description:
    'Size of each mounted claim, and what of it is free. Enlarge the claim with the smallest free share first.',
  unit: 'bytes',
  queries: [plot(size, legend`Size`), plot(available, legend`Free`), plot(left, legend`Share free`, 'ratio')],
  watchedBy: [tellsOf('VolumeAlmostFull'), tellsOf('VolumeFillingUp')],
};

export const volumeInodes: Signal = {
  title: 'Inodes left on volumes',
  emptyWithout: 'The storage does not report how full its volumes are.',
  description:
    'Share of the inodes of each mounted claim that is free. At 0 no file can be created, however much space is left.',
  unit: 'ratio',
  queries: [
    plot(
      ratio(
        maxBy(select(kubelet.kubelet_volume_stats_inodes_free, ofNamespaces), 'namespace', 'persistentvolumeclaim'),
        // Some file systems make inodes as they need them, and report none.
        above(
          maxBy(select(kubelet.kubelet_volume_stats_inodes, ofNamespaces), 'namespace', 'persistentvolumeclaim'),
          0,
        ),
      ),
      legend`${'namespace'}: ${'persistentvolumeclaim'}`,
    ),
  ],
  watchedBy: [tellsOf('VolumeAlmostFull')],
};

export const claimsByPhase: Signal = {
  title: 'Claims by phase',
  description:
    'Persistent volume claims by phase. All should be Bound. A Pending claim finds no volume, and its pod does not start. A Lost claim has lost its volume and its data.',
  unit: 'quantity',
  queries: [
    plot(
      sumBy(select(kubeStateMetrics.kube_persistentvolumeclaim_status_phase, ofNamespaces), 'phase'),
      legend`${'phase'}`,
    ),
  ],
  watchedBy: [tellsOf('PodNotReady')],
};
