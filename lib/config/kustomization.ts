/** @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/ */
export interface Kustomization {
  readonly apiVersion: 'kustomize.config.k8s.io/v1beta1';
  readonly kind: 'Kustomization';
  readonly resources: readonly string[];
}

/** The files of a profile; kubectl applies namespaces first whatever their order. */
export const kustomization = (files: readonly string[]): Kustomization => ({
  apiVersion: 'kustomize.config.k8s.io/v1beta1',
  kind: 'Kustomization',
  resources: files,
});
