import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../../charts/manifest';
import { toYaml } from '../../lib/config/to-yaml';
import type { Profile } from '../../lib/profile/profile';
import { rendered } from '../harness/rendered';
import { temporaryDirectory } from '../harness/temporary-directory';
import { directory, kustomization, manifests, nameOf, profile } from './cluster';

/** A folder for `kubectl apply -k` that has these objects in place of the profile's. */
const writeVariant = (objects: readonly Manifest[]): string => {
  const variant = temporaryDirectory('variant');
  cpSync(directory, variant, { recursive: true });
  writeFileSync(join(variant, 'all.k8s.yaml'), objects.map(toYaml).join('---\n'));
  writeFileSync(join(variant, 'kustomization.yaml'), toYaml({ ...kustomization, resources: ['all.k8s.yaml'] }));
  return variant;
};

/** The profile with something changed, and all else exactly as it was synthesised. */
export const profileVariant = (change: (profile: Profile) => Profile): string => {
  const byName = (objects: readonly Manifest[]) => new Map(objects.map((object) => [nameOf(object), object]));
  const before = byName(rendered(profile));
  const after = byName(rendered(change(profile)));
  const isChanged = (name: string): boolean => JSON.stringify(before.get(name)) !== JSON.stringify(after.get(name));
  const kept = manifests.filter((object) => !isChanged(nameOf(object)));
  return writeVariant([...kept, ...[...after].flatMap(([name, object]) => (isChanged(name) ? object : []))]);
};

/** Name of the ConfigMap with a configuration that Prometheus refuses. */
export const brokenConfigMap = 'prometheus-config-broken';

/** The profile with a misspelt key in Prometheus' configuration. */
export const brokenVariant = (): string => {
  const isConfig = ({ kind, metadata }: Manifest): boolean =>
    kind === 'ConfigMap' && metadata.name.startsWith('prometheus-config-');
  const name = manifests.find(isConfig)?.metadata.name;
  if (name === undefined) throw new Error('no ConfigMap holds the configuration of Prometheus');
  return writeVariant(
    manifests.map((object) => {
      const text = JSON.stringify(object).replaceAll(name, brokenConfigMap);
      return JSON.parse(isConfig(object) ? text.replace('scrape_timeout', 'scrape_timeuot') : text) as Manifest;
    }),
  );
};
