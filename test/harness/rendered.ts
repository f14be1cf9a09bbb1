import { App } from 'cdk8s';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifestsOf, type Manifest } from '../../charts/manifest';
import { stack } from '../../charts/stack';
import { local } from '../../lib/profile/local';
import { production } from '../../lib/profile/production';
import type { Profile } from '../../lib/profile/profile';
import { staging } from '../../lib/profile/staging';

export const profiles = { local, staging, production };
/** For `describe.each`, which cannot print a whole profile. */
export const profileNames = ['local', 'staging', 'production'] as const satisfies readonly (keyof typeof profiles)[];

export const notificationsFile = join(__dirname, '../../lib/config/notifications.tmpl');
const notifications = readFileSync(notificationsFile, 'utf8');

/** The objects of a profile as `synth` writes them, but for the code of our own programs. */
export const rendered = (
  profile: Profile,
  bundles = { simulator: '// the simulator', 'anomaly-detector': '// it' },
): readonly Manifest[] => stack(new App(), { profile, bundles, notifications }).flatMap(manifestsOf);

/** The file that a ConfigMap holds, wherever it is mounted. */
export const configFile = (manifests: readonly Manifest[], name: string): string => {
  for (const { kind, data } of manifests) {
    const file = kind === 'ConfigMap' ? new Map(Object.entries(data as Record<string, string>)).get(name) : undefined;
    if (file !== undefined) return file;
  }
  throw new Error(`no ConfigMap holds ${name}`);
};
