/** A Secret that kustomize makes of what everybody may know. */
export interface GeneratedSecret {
  readonly name: string;
  readonly namespace: string;
  /** `key=value` */
  readonly literals: readonly string[];
}

/** @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/ */
export interface Kustomization {
  readonly apiVersion: 'kustomize.config.k8s.io/v1beta1';
  readonly kind: 'Kustomization';
  readonly resources: readonly string[];
  readonly secretGenerator?: readonly GeneratedSecret[];
  readonly generatorOptions?: { readonly disableNameSuffixHash: true };
}

/** The files of a profile, and its Secrets where they hold no secret; kubectl applies namespaces first whatever their order. */
export const kustomization = (files: readonly string[], secrets: readonly GeneratedSecret[]): Kustomization => ({
  apiVersion: 'kustomize.config.k8s.io/v1beta1',
  kind: 'Kustomization',
  resources: files,
  ...(secrets.length > 0 && {
    secretGenerator: secrets,
    // The name that a site would give it, which does not move.
    generatorOptions: { disableNameSuffixHash: true },
  }),
});
