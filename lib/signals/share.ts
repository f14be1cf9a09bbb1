import type { Vector } from '../query/promql/expression';
import { above, or, ratio, times } from '../query/promql/operators';

// Shares of counters that may not be there yet: a counter has no series for what never happened.

/** A vector, and 0 for each series of another that it lacks. */
export const orNoneOf = <L extends string>(vector: Vector<L>, other: Vector<NoInfer<L>>): Vector<L> =>
  or(vector, times(other, 0));

/** A share, and 0 while it is none or there is nothing that it could be a share of. */
export const orNoShareOf = <L extends string>(share: Vector<L>, whole: Vector<NoInfer<L>>): Vector<L> =>
  orNoneOf(above(share, 0), whole);

/** A part of a whole, 0 to 1; 0 while there is nothing that it could be a part of. */
export const shareOrNone = <L extends string>(part: Vector<L>, whole: Vector<NoInfer<L>>): Vector<L> =>
  orNoShareOf(ratio(part, whole), whole);
