import { bursts, hold, minutes, never, until, type Shape } from '../scenario';

/** A pod that is scraped itself: its metrics are about it. */
export const podTarget = (job: string, pod: string, number = 1, port = 8080) => ({
  job,
  instance: `10.0.1.${number}:${port}`,
  namespace: 'monitoring',
  pod,
  node: `node-${number}`,
});

/** kube-state-metrics, or the one that replaces it; its metrics are about others. */
export const kubeStateMetricsAt = (number: number) => ({
  job: 'kube-state-metrics',
  instance: `10.0.2.${number}:8080`,
});

/** One workload in each namespace of ours. */
export const workloads = [
  ['autoserve-prod', 'ml-controller'],
  ['monitoring', 'kube-state-metrics'],
  ['node-agents', 'fluent-bit'],
] as const;

/** What happened until just over a quarter of an hour before the end of half an hour, and what happened since. */
export const beforeAndSince = (before: number, since: number): Shape =>
  until(minutes(14), hold(0), until(minutes(2), hold(before), hold(before + since)));

/** So often that a window of five minutes always sees one, and one of less than four and a half does not. */
export const often = minutes(4.5);
/** So seldom that a window of five minutes does not always see one, and one of six does. */
export const seldom = minutes(5.5);

/** Of a pod that was moved two minutes before the end of half an hour, what fails at its old address and its new. */
export const atOldAddress: Shape = until(minutes(28), bursts(minutes(4.25)), never);
export const atNewAddress: Shape = until(minutes(28), never, until(minutes(1), hold(0), hold(1)));
