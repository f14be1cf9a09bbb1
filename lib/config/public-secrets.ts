import type { GrafanaSecret } from './grafana-settings';
import type { GeneratedSecret } from './kustomization';

interface SecretKey {
  readonly secretName: string;
  readonly key: string;
}

/** What the guide tells everybody: nobody is kept out by it. */
const publicValues: Readonly<Partial<Record<GrafanaSecret, string>>> = {
  'admin-user': 'admin',
  'admin-password': 'admin',
  'secret-key': 'everybody-knows-this-key',
};

/** The Secrets that hold these values; of a file without one, the site has to make its own. */
export const publicSecrets = (
  files: Readonly<Partial<Record<GrafanaSecret, SecretKey>>>,
  namespace: string,
): readonly GeneratedSecret[] => {
  const values = new Map(Object.entries(publicValues));
  const literals = new Map<string, string[]>();
  for (const [file, { secretName, key }] of Object.entries(files)) {
    const value = values.get(file);
    if (value !== undefined) literals.set(secretName, [...(literals.get(secretName) ?? []), `${key}=${value}`]);
  }
  return [...literals].map(([name, texts]) => ({ name, namespace, literals: texts }));
};
