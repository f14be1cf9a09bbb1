import type { Size } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { quantity } from '../units/size';

export interface ClaimedVolume {
  readonly size: Size;
  readonly storageClass: { readonly name: string } | 'cluster-default';
}

/** A claim to a volume that one node at a time writes to. */
export const volumeClaim = ({ size, storageClass }: ClaimedVolume): k8s.PersistentVolumeClaimSpec => ({
  accessModes: ['ReadWriteOnce'],
  ...(storageClass !== 'cluster-default' && { storageClassName: storageClass.name }),
  resources: { requests: { storage: k8s.Quantity.fromString(quantity(size)) } },
});
