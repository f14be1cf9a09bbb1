/** Values of one series at a fixed pace; what is missing or no number is left out. */
export interface History {
  /** Seconds since the epoch, rising. */
  readonly times: Float64Array;
  readonly values: Float64Array;
}

export type Sample = readonly [seconds: number, value: number];

export const historyOf = (samples: readonly Sample[]): History => {
  const finite = samples.filter(([, value]) => Number.isFinite(value));
  return {
    times: Float64Array.from(finite, ([seconds]) => seconds),
    values: Float64Array.from(finite, ([, value]) => value),
  };
};
