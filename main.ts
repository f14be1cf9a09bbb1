import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'cdk8s';
import { buildSync } from 'esbuild';
import { bundling as anomalyDetector } from './apps/anomaly-detector/bundling';
import { bundling as simulator } from './apps/simulator/bundling';
import { checkObjects } from './charts/check-objects';
import { manifestFile, manifestsOf, type Manifest } from './charts/manifest';
import { kustomizationOf, problemsOf, stack } from './charts/stack';
import { catalog } from './lib/catalog/catalog';
import { checkCatalog } from './lib/catalog/check-catalog';
import { checkComponents } from './lib/catalog/check-components';
import { checkConnections, checkScrapeJobs } from './lib/catalog/check-scraping';
import { components } from './lib/catalog/components';
import { connections } from './lib/catalog/connections';
import { scrapeJobs } from './lib/catalog/scrape-jobs';
import { logLineSchema } from './lib/config/log-schema';
import { toYaml } from './lib/config/to-yaml';
import { local } from './lib/profile/local';
import { production } from './lib/profile/production';
import type { Profile } from './lib/profile/profile';
import { staging } from './lib/profile/staging';
import { InvalidInput, refuse, type Problem } from './lib/units/problem';
import { site } from './site';

/** @throws InvalidInput when the site's own values already fail, as a negative duration does. */
const asSiteWants = (profile: Profile): Profile => {
  try {
    return site(profile);
  } catch (error) {
    const fix = error instanceof Error ? error.message : String(error);
    throw new InvalidInput([{ path: 'site.ts', value: `profile ${profile.name}`, fix }]);
  }
};

/** Profiles as this site and this environment want them. */
const profilesFrom = (environment: NodeJS.ProcessEnv): readonly Profile[] =>
  [local, staging, production].map(asSiteWants).map((profile) => {
    const { autoserve } = profile;
    if (autoserve.program === 'simulator') return profile;
    const program = {
      ...autoserve.program,
      registry: environment['AUTOSERVE_REGISTRY'] ?? autoserve.program.registry,
      version: environment['AUTOSERVE_VERSION'] ?? autoserve.program.version,
    };
    return { ...profile, autoserve: { ...autoserve, program } };
  });

/** A program of ours and all it needs as one file that runs on Node alone. */
const bundle = (bundling: typeof simulator): string => {
  const { outputFiles } = buildSync({ ...bundling, write: false, logLevel: 'silent' });
  return outputFiles.map(({ text }) => text).join('');
};

/** What people read of alerts, in Alertmanager's own language. */
const notificationsFile = join(__dirname, 'lib/config/notifications.tmpl');

/** Folder of what service teams test against. */
const contractFolder = 'contract';

function* sameNames(profiles: readonly Profile[]): Iterable<Problem> {
  const taken = new Set([contractFolder]);
  for (const { name } of profiles) {
    if (taken.has(name))
      yield {
        path: `${name}.name`,
        value: name,
        fix: 'another folder of the output has that name: rename the profile',
      };
    taken.add(name);
  }
}

function* problemsOfObjects(profile: Profile, manifests: readonly Manifest[]): Iterable<Problem> {
  for (const { path, ...problem } of checkObjects(manifests)) yield { path: `${profile.name}: ${path}`, ...problem };
}

/** Writes every profile to a folder of its own, all or nothing. */
const synthesise = (profiles: readonly Profile[], outdir: string): void => {
  refuse([
    ...checkCatalog(catalog),
    ...checkComponents(components),
    ...checkScrapeJobs(scrapeJobs, components),
    ...checkConnections(connections, components),
    ...profiles.flatMap((profile) => [...problemsOf(profile)]),
    ...sameNames(profiles),
  ]);
  const notifications = readFileSync(notificationsFile, 'utf8');
  const bundles = { simulator: bundle(simulator), 'anomaly-detector': bundle(anomalyDetector) };
  const folders = profiles.map((profile) => ({
    profile,
    files: stack(new App(), { profile, bundles, notifications }).map((chart) => ({
      name: `${chart.node.id}.k8s.yaml`,
      manifests: manifestsOf(chart),
    })),
  }));
  refuse(
    folders.flatMap(({ profile, files }) => [
      ...problemsOfObjects(
        profile,
        files.flatMap(({ manifests }) => manifests),
      ),
    ]),
  );

  const outputs = [
    ...folders.map(({ profile, files }) => ({
      name: profile.name,
      files: {
        ...Object.fromEntries(files.map(({ name, manifests }) => [name, manifestFile(manifests)])),
        'kustomization.yaml': toYaml(
          kustomizationOf(
            profile,
            files.map(({ name }) => name),
          ),
        ),
      },
    })),
    { name: contractFolder, files: { 'log-line.schema.json': `${JSON.stringify(logLineSchema, undefined, 2)}\n` } },
  ];
  const draft = `${outdir}-draft-${process.pid}`;
  try {
    for (const { name, files } of outputs) {
      const folder = join(draft, name);
      mkdirSync(folder, { recursive: true });
      for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
    }
    mkdirSync(outdir, { recursive: true });
    // Folder by folder: whatever else the directory holds is not ours to remove.
    for (const { name } of outputs) {
      rmSync(join(outdir, name), { recursive: true, force: true });
      renameSync(join(draft, name), join(outdir, name));
    }
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
};

try {
  synthesise(profilesFrom(process.env), process.env['CDK8S_OUTDIR'] ?? 'dist');
} catch (error) {
  if (!(error instanceof InvalidInput)) throw error;
  console.error(`${error.message}\nNothing was written.`);
  process.exitCode = 1;
}
