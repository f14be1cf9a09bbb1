/**
 * What a label may hold. `limit` is how many distinct values can appear in one scrape of one target;
 * `values` are those known beforehand, all of them when there are `limit` of them.
 */
export interface LabelBound {
  readonly values: readonly string[];
  readonly limit: number;
}

/** A closed list: no other value ever appears. */
export const oneOf = (...values: readonly string[]): LabelBound => ({ values, limit: values.length });

/** An open set of at most `limit` values, of which `known` are certain to appear. */
export const upTo = (limit: number, ...known: readonly string[]): LabelBound => ({ values: known, limit });
