import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../../charts/manifest';
import type { ComponentName } from '../../lib/catalog/components';
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

/** For each of these components a word of its configuration, and a misspelling that it refuses to start with. */
const refusals = {
  prometheus: ['scrape_timeout', 'scrape_timeuot'],
  alertmanager: ['repeat_interval', 'repeat_intervall'],
  loki: ['max_chunk_age', 'max_chunk_aeg'],
  jaeger: ['spike_limit_mib', 'spike_limit_mbi'],
  'fluent-bit': ['name: loki', 'name: lkoi'],
} as const satisfies Partial<Record<ComponentName, readonly [word: string, misspelt: string]>>;
type Configured = keyof typeof refusals;
export const configured = Object.keys(refusals) as Configured[];

/** The profile with a misspelt configuration of a component, in a ConfigMap of its own. */
export const brokenVariant = (component: Configured): { readonly directory: string; readonly configMap: string } => {
  const isConfig = ({ kind, metadata }: Manifest): boolean =>
    kind === 'ConfigMap' && metadata.name.startsWith(`${component}-config-`);
  const name = manifests.find(isConfig)?.metadata.name;
  if (name === undefined) throw new Error(`no ConfigMap holds the configuration of ${component}`);
  const configMap = `${component}-config-broken`;
  const [word, misspelt] = refusals[component];
  const broken = manifests.map((object) => {
    const text = JSON.stringify(object).replaceAll(name, configMap);
    return JSON.parse(isConfig(object) ? text.replace(word, misspelt) : text) as Manifest;
  });
  return { configMap, directory: writeVariant(broken) };
};
