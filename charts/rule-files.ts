import { ruleFile, type RuleFile, type RuleGroup } from '../lib/config/rule-file';
import type { Feature } from '../lib/catalog/alerts';
import type { Profile } from '../lib/profile/profile';
import type { Deployment } from '../rules/alerts/definition';
import { alerting, recordingGroups } from '../rules/rule-groups';
import { deployedIn, jobsIn } from './program-configs';

const featuresOf = ({ database, traces, alertmanager }: Profile): readonly Feature[] => [
  ...(database === 'none' ? [] : (['database'] as const)),
  ...(traces.tailSampling === 'keep-all' ? [] : (['tail-sampling'] as const)),
  ...(alertmanager.replicas > 1 ? (['alertmanager-cluster'] as const) : []),
];

/** What the rules have to know of a profile. */
export const deploymentOf = (profile: Profile): Deployment => ({
  namespaces: profile.namespaces,
  jobs: jobsIn(deployedIn(profile)),
  features: featuresOf(profile),
  alertmanagerReplicas: profile.alertmanager.replicas,
  evaluationInterval: profile.prometheus.evaluationInterval,
  minimumRate: profile.alerts.minimumRate,
  links: profile.links,
  alerts: profile.alerts.table,
});

/** Every group that the Prometheus of a profile evaluates, by the file that holds it. */
export const ruleGroupsOf = (profile: Profile): Readonly<Record<string, readonly RuleGroup[]>> => ({
  'recording.yaml': recordingGroups(profile.prometheus.evaluationInterval),
  'alerting.yaml': [alerting(deploymentOf(profile))],
});

export const ruleFilesOf = (profile: Profile): Readonly<Record<string, RuleFile>> =>
  Object.fromEntries(Object.entries(ruleGroupsOf(profile)).map(([file, groups]) => [file, ruleFile(groups)]));
