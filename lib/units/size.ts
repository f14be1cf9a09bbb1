import type { Size } from 'cdk8s';
import { SizeRoundingBehavior } from 'cdk8s';

const steps = ['Ki', 'Mi', 'Gi', 'Ti'] as const;

/** The size in its largest unit that loses nothing, with `suffix` naming the units of 1024, 1024² … bytes. */
const inLargestUnit = (size: Size, suffixes: readonly string[]): string => {
  let count = size.toKibibytes({ rounding: SizeRoundingBehavior.FAIL });
  let step = 0;
  while (step < suffixes.length - 1 && count !== 0 && count % 1024 === 0) {
    count /= 1024;
    step += 1;
  }
  return `${count}${suffixes[step] ?? ''}`;
};

/** Size as a Kubernetes quantity: `512Mi`, `20Gi`. */
export const quantity = (size: Size): string => inLargestUnit(size, steps);

/**
 * Size as Prometheus reads it: `80GB`, where a GB is 1024³ bytes.
 *
 * @see https://prometheus.io/docs/prometheus/latest/storage/#operational-aspects
 */
export const prometheusSize = (size: Size): string => inLargestUnit(size, ['KB', 'MB', 'GB', 'TB']);

export const bytes = (size: Size): number => size.toKibibytes({ rounding: SizeRoundingBehavior.NONE }) * 1024;

/** Whole mebibytes, rounded down. */
export const mebibytes = (size: Size): number => Math.floor(bytes(size) / 1024 ** 2);
