import { parseAllDocuments } from 'yaml';
import type { Manifest } from '../../charts/manifest';
import { directory, kubectl, output } from './cluster';

interface SecretRef {
  readonly namespace: string;
  readonly name: string;
  readonly keys: readonly string[];
}

interface Source {
  readonly secret?: { readonly name: string; readonly items?: readonly { readonly key: string }[] };
}

interface Workload extends Manifest {
  readonly spec?: {
    readonly template?: {
      readonly spec?: {
        readonly volumes?: readonly {
          readonly secret?: { readonly secretName: string };
          readonly projected?: { readonly sources: readonly Source[] };
        }[];
      };
    };
  };
}

const idOf = (namespace: string | undefined, name: string): string => `${namespace ?? ''}/${name}`;

/** The Secrets that the pods of a workload mount. */
const mountedBy = ({ metadata, spec }: Workload): readonly SecretRef[] =>
  (spec?.template?.spec?.volumes ?? [])
    .flatMap(({ secret, projected }) => [
      ...(secret ? [{ name: secret.secretName, keys: ['placeholder'] }] : []),
      ...(projected?.sources ?? []).flatMap(({ secret: source }) =>
        source ? [{ name: source.name, keys: source.items?.map(({ key }) => key) ?? [] }] : [],
      ),
    ])
    .map((ref) => ({ ...ref, namespace: metadata.namespace ?? 'default' }));

/** The Secrets that pods mount, that kustomize does not generate and that the cluster does not have. */
const missingSecrets = async (): Promise<readonly SecretRef[]> => {
  const objects = parseAllDocuments(await output(['kustomize', directory])).map((text) => text.toJS() as Workload);
  const brought = new Set(
    objects.flatMap(({ kind, metadata: { namespace, name } }) => (kind === 'Secret' ? idOf(namespace, name) : [])),
  );
  const wanted = new Map<string, SecretRef>();
  for (const ref of objects.flatMap(mountedBy)) {
    const id = idOf(ref.namespace, ref.name);
    if (!brought.has(id))
      wanted.set(id, { ...ref, keys: [...new Set([...(wanted.get(id)?.keys ?? []), ...ref.keys])] });
  }
  const missing: SecretRef[] = [];
  for (const ref of wanted.values()) {
    const { code } = await kubectl(['get', 'secret', ref.name, '-n', ref.namespace]);
    if (code !== 0) missing.push(ref);
  }
  return missing;
};

/** Does what the user of a profile with Secrets does first: the namespaces, then the Secrets. Returns their names. */
export const layPlaceholders = async (): Promise<readonly string[]> => {
  const missing = await missingSecrets();
  if (missing.length > 0) await output(['apply', '-f', `${directory}/namespaces.k8s.yaml`]);
  for (const { namespace, name, keys } of missing) {
    const values = keys.map((key) => `--from-literal=${key}=placeholder`);
    await output(['create', 'secret', 'generic', name, '-n', namespace, ...values]);
  }
  return missing.map(({ namespace, name }) => idOf(namespace, name));
};
