interface Weighted {
  readonly weight: number;
}

/** Pseudo-random numbers that depend on the seed alone, in the shapes that load and durations take. */
export interface Random {
  /** Between 0 and 1, 1 excluded. */
  uniform(): number;
  /** True for this share of the calls. */
  chance(share: number): boolean;
  /** Standard normal. */
  normal(): number;
  /** Most values near the median and a tail of long ones; `spread` is the deviation of the logarithm. */
  logNormal(median: number, spread: number): number;
  /** Time until the next of events that come at this rate, independently of each other. */
  exponential(rate: number): number;
  pick<V>(values: readonly [V, ...V[]]): V;
  /** So many of the values, none twice; all of them when there are fewer. */
  sample<V>(values: readonly V[], count: number): readonly V[];
  weighted<const C extends readonly [Weighted, ...Weighted[]]>(choices: C): C[number];
}

/** Mulberry32: 32 bits of state, good enough for load and short enough to read. */
const mulberry32 = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
};

export const randomFrom = (seed: number): Random => {
  const uniform = mulberry32(seed);
  /** Never 0, whose logarithm is infinite. */
  const positive = (): number => 1 - uniform();
  const normal = (): number => Math.sqrt(-2 * Math.log(positive())) * Math.cos(2 * Math.PI * uniform());
  return {
    uniform,
    normal,
    chance: (share) => uniform() < share,
    logNormal: (median, spread) => median * Math.exp(spread * normal()),
    exponential: (rate) => -Math.log(positive()) / rate,
    pick: (values) => values[Math.floor(uniform() * values.length)] ?? values[0],
    sample: (values, count) => {
      const drawn = [...values];
      values.slice(0, count).forEach((value, index) => {
        const other = index + Math.floor(uniform() * (drawn.length - index));
        const here = drawn[index] ?? value;
        drawn[index] = drawn[other] ?? value;
        drawn[other] = here;
      });
      return drawn.slice(0, count);
    },
    weighted: (choices) => {
      let left = uniform() * choices.reduce((sum, { weight }) => sum + weight, 0);
      return choices.find(({ weight }) => (left -= weight) < 0) ?? choices[0];
    },
  };
};
