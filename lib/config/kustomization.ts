/** @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/ */
export interface Kustomization {
  readonly apiVersion: 'kustomize.config.k8s.io/v1beta1';
  readonly kind: 'Kustomization';
  readonly sortOptions: { readonly order: 'fifo' };
  readonly resources: readonly string[];
}

/** The files of a profile, applied in this order. */
export const kustomization = (files: readonly string[]): Kustomization => ({
  apiVersion: 'kustomize.config.k8s.io/v1beta1',
  kind: 'Kustomization',
  sortOptions: { order: 'fifo' },
  resources: files,
});
