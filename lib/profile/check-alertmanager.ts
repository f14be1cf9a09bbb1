import { checkReceivers } from './check-receivers';
import { checkTimings } from './check-timings';
import { checkReplicas, checkResources, checkVolume, type Problems } from './check-value';
import type { AlertmanagerProfile } from './profile';

export function* checkAlertmanager(path: string, alertmanager: AlertmanagerProfile): Problems {
  yield* checkReplicas(`${path}.replicas`, alertmanager.replicas);
  yield* checkVolume(`${path}.volume`, alertmanager.volume);
  yield* checkResources(`${path}.resources`, alertmanager.resources);
  yield* checkReceivers(path, alertmanager);
  yield* checkTimings(path, alertmanager);
}
