/**
 * What a label may hold. `limit` is how many distinct values can appear in one scrape of one target;
 * `values` are those known beforehand, all of them when there are `limit` of them.
 */
export interface LabelBound<V extends string = string> {
  readonly values: readonly V[];
  readonly limit: number;
}

/** A closed list: no other value ever appears. */
export const oneOf = <const V extends string>(...values: readonly V[]): LabelBound<V> => ({
  values,
  limit: values.length,
});

/** An open set of at most `limit` values, of which `known` are certain to appear. */
export const upTo = (limit: number, ...known: readonly string[]): LabelBound => ({ values: known, limit });
