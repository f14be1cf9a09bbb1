import type { Random } from '../runtime/random';
import type { Settings } from './settings';

const noiseMemory = 0.95;
const noiseStep = 0.04;

/** How busy a moment of the simulated day is, -1 to 1: one peak, steeper in the morning than in the evening. */
export const daily = (share: number): number => {
  const angle = 2 * Math.PI * share;
  return 0.9 * Math.sin(angle) + 0.2 * Math.sin(2 * angle);
};

export interface Wave {
  /** Requests per second now, with noise that wanders. */
  rate(): number;
  /** Where it stands between nothing and its peak, 0 to 1. */
  level(): number;
}

/** Requests over a simulated day that begins and ends with the clock, so that every pod has it at the same time. */
export const createWave = (
  { requestsPerSecond, waveSeconds, waveAmplitude }: Settings,
  random: Random,
  now: () => number = () => Date.now() / 1000,
): Wave => {
  let noise = 0;
  const smooth = (): number => 1 + waveAmplitude * daily((now() / waveSeconds) % 1);
  return {
    rate: () => {
      noise = noiseMemory * noise + noiseStep * random.normal();
      return requestsPerSecond * smooth() * Math.exp(noise);
    },
    level: () => smooth() / (1 + waveAmplitude),
  };
};
