import { isLonger, prometheusDuration } from '../units/duration';
import { bytes, quantity } from '../units/size';
import { checkAnomalies } from './check-anomalies';
import { checkAlerts } from './check-alerts';
import { checkAlertmanager } from './check-alertmanager';
import { checkGrafana } from './check-grafana';
import { checkAutoServeImages, checkImage, checkUser } from './check-image';
import { checkLinks } from './check-links';
import {
  checkCidrs,
  checkEndpoint,
  checkName,
  checkPositive,
  checkReplicas,
  checkResources,
  checkSecret,
  checkSizes,
  checkSubdomain,
  type Problems,
} from './check-value';
import { checkLogs, checkTraces } from './check-telemetry';
import type { AutoServeProfile, PrometheusProfile, Profile } from './profile';

function* checkNamespaces(path: string, namespaces: Profile['namespaces']): Problems {
  const roles = new Map<string, string>();
  for (const [role, namespace] of Object.entries(namespaces)) {
    yield* checkName(`${path}.${role}`, namespace);
    if (namespace === 'default' || namespace.startsWith('kube-'))
      yield {
        path: `${path}.${role}`,
        value: namespace,
        fix: 'default deny and Pod Security would hold for what the cluster itself runs there: choose a namespace of its own',
      };
    const other = roles.get(namespace);
    if (other !== undefined)
      yield {
        path: `${path}.${role}`,
        value: namespace,
        fix: `${other} has that namespace: each needs its own, with its own Pod Security level`,
      };
    roles.set(namespace, role);
  }
}

function* checkAutoServe(path: string, autoserve: AutoServeProfile): Problems {
  for (const [service, { replicas, resources }] of Object.entries(autoserve.services)) {
    if (replicas !== 'scaled') yield* checkReplicas(`${path}.services.${service}.replicas`, replicas);
    yield* checkResources(`${path}.services.${service}.resources`, resources);
  }
  const { replicas: controllers } = autoserve.services['ml-controller'];
  if (controllers === 'scaled' || controllers > 1)
    yield {
      path: `${path}.services.ml-controller.replicas`,
      value: `${controllers}`,
      fix: 'run exactly 1: nobody scales the controller, and two would scale against each other',
    };
  if (autoserve.program !== 'simulator') yield* checkAutoServeImages(`${path}.program`, autoserve.program);
  if (autoserve.secret !== 'none') yield* checkSubdomain(`${path}.secret.secretName`, autoserve.secret.secretName);
  if (autoserve.broker !== 'none') yield* checkEndpoint(`${path}.broker`, autoserve.broker);
  for (const [index, namespace] of autoserve.clientNamespaces.entries())
    yield* checkName(`${path}.clientNamespaces[${index}]`, namespace);
}

const minimumRetentionHours = 6;

function* checkPrometheus(path: string, prometheus: PrometheusProfile): Problems {
  const { scrapeInterval, scrapeTimeout, jobIntervals, retention, retentionSize, volume } = prometheus;
  yield* checkReplicas(`${path}.replicas`, prometheus.replicas);
  yield* checkResources(`${path}.resources`, prometheus.resources);
  yield* checkPositive(`${path}.scrapeTimeout`, scrapeTimeout);
  yield* checkPositive(`${path}.evaluationInterval`, prometheus.evaluationInterval);
  const jobs = Object.entries(jobIntervals).map(([job, interval]) => [`jobIntervals.${job}`, interval] as const);
  for (const [name, interval] of [['scrapeInterval', scrapeInterval] as const, ...jobs]) {
    yield* checkPositive(`${path}.${name}`, interval);
    if (isLonger(scrapeTimeout, interval))
      yield {
        path: `${path}.${name}`,
        value: prometheusDuration(interval),
        fix: `it is shorter than the scrapeTimeout of ${prometheusDuration(scrapeTimeout)}: lengthen it or shorten the timeout`,
      };
  }
  if (retention.toHours({ integral: false }) < minimumRetentionHours)
    yield {
      path: `${path}.retention`,
      value: prometheusDuration(retention),
      fix: `Prometheus keeps blocks of hours: give at least ${minimumRetentionHours} h`,
    };
  yield* checkSizes(path, { retentionSize, 'volume.size': volume.size }, function* () {
    if (bytes(retentionSize) > 0.8 * bytes(volume.size))
      yield {
        path: `${path}.retentionSize`,
        value: quantity(retentionSize),
        fix: `it is more than 80 % of the volume of ${quantity(volume.size)}, and compaction needs the rest: lower it or enlarge the volume`,
      };
  });
  if (volume.storageClass !== 'cluster-default')
    yield* checkSubdomain(`${path}.volume.storageClass.name`, volume.storageClass.name);
}

/** Namespaces in which pods are discovered; one that is named twice would have all its pods twice. */
function* checkScrapedNamespaces({ name, namespaces, prometheus }: Profile): Problems {
  const taken = new Set([namespaces.application]);
  for (const [index, namespace] of prometheus.annotatedPodNamespaces.entries()) {
    const path = `${name}.prometheus.annotatedPodNamespaces[${index}]`;
    yield* checkName(path, namespace);
    if (taken.has(namespace)) yield { path, value: namespace, fix: 'its pods are discovered already: drop it' };
    taken.add(namespace);
  }
}

/** Everything that is wrong with a profile, each with its path from the profile's name. */
export function* checkProfile(profile: Profile): Problems {
  const { name, images, network, database } = profile;
  yield* checkName(`${name}.name`, name);
  yield* checkName(`${name}.cluster`, profile.cluster);
  yield* checkNamespaces(`${name}.namespaces`, profile.namespaces);
  for (const [image, pinned] of Object.entries(images)) {
    yield* checkImage(`${name}.images.${image}`, pinned);
    if (image !== 'fluentBit') yield* checkUser(`${name}.images.${image}.user`, pinned.user);
    else if (pinned.user !== 0)
      yield {
        path: `${name}.images.${image}.user`,
        value: `${pinned.user}`,
        fix: 'leave it 0: the logs of a node belong to root, and another user would send nothing and say nothing',
      };
  }
  yield* checkEndpoint(`${name}.network.apiServer`, network.apiServer);
  yield* checkCidrs(`${name}.network.nodeCidrs`, network.nodeCidrs);
  yield* checkAutoServe(`${name}.autoserve`, profile.autoserve);
  yield* checkPrometheus(`${name}.prometheus`, profile.prometheus);
  yield* checkLinks(`${name}.links`, profile.links);
  yield* checkAlerts(`${name}.alerts`, profile);
  yield* checkAlertmanager(`${name}.alertmanager`, profile.alertmanager);
  yield* checkLogs(`${name}.logs`, profile.logs);
  yield* checkTraces(`${name}.traces`, profile.traces);
  yield* checkGrafana(profile);
  yield* checkAnomalies(profile);
  yield* checkScrapedNamespaces(profile);
  yield* checkResources(`${name}.kubeStateMetrics`, profile.kubeStateMetrics);
  yield* checkResources(`${name}.nodeExporter`, profile.nodeExporter);
  if (database === 'none') return;
  yield* checkEndpoint(`${name}.database.endpoint`, database.endpoint);
  for (const [part, ref] of Object.entries(database.dsn)) yield* checkSecret(`${name}.database.dsn.${part}`, ref);
  yield* checkResources(`${name}.database.resources`, database.resources);
}
