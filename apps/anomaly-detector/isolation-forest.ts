import type { Random } from '../runtime/random';

interface ForestOptions {
  readonly trees: number;
  /** Points that each tree is grown from. */
  readonly sample: number;
  readonly random: Random;
}

type Point = readonly number[];

const eulersConstant = 0.5772156649;

/** Mean depth of a point in a tree over this many points, as of an unsuccessful search in a binary search tree. */
const averageDepth = (points: number): number => {
  if (points <= 1) return 0;
  return points === 2 ? 1 : 2 * (Math.log(points - 1) + eulersConstant) - (2 * (points - 1)) / points;
};

const rangeOf = (points: readonly Point[], feature: number): readonly [lowest: number, highest: number] => {
  let [lowest, highest] = [Infinity, -Infinity];
  for (const point of points) {
    const value = point[feature] ?? NaN;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  return [lowest, highest];
};

/** Cuts points by a random value of a random feature until each is alone, or deep enough. */
class Tree {
  /** Of each node: the feature that it is cut by, or -1 in a leaf. */
  private readonly features: number[] = [];
  /** Of each node: where it is cut, or how deep the points of the leaf are. */
  private readonly values: number[] = [];
  /** Of each node: that of the points above the cut. That of those below comes next after the node itself. */
  private readonly above: number[] = [];

  constructor(
    points: readonly Point[],
    private readonly random: Random,
  ) {
    this.grow(points, 0, Math.ceil(Math.log2(points.length)));
  }

  depthOf(point: Point): number {
    let node = 0;
    for (let feature = this.features[0] ?? -1; feature >= 0; feature = this.features[node] ?? -1)
      node = (point[feature] ?? 0) < (this.values[node] ?? 0) ? node + 1 : (this.above[node] ?? 0);
    return this.values[node] ?? 0;
  }

  private add(feature: number, value: number): number {
    this.values.push(value);
    this.above.push(0);
    return this.features.push(feature) - 1;
  }

  private grow(points: readonly Point[], depth: number, maxDepth: number): number {
    const feature = Math.floor(this.random.uniform() * (points[0]?.length ?? 0));
    const [lowest, highest] = rangeOf(points, feature);
    if (depth >= maxDepth || !(lowest < highest)) return this.add(-1, depth + averageDepth(points.length));
    const split = lowest + (highest - lowest) * this.random.uniform();
    const node = this.add(feature, split);
    const isBelow = (point: Point): boolean => (point[feature] ?? 0) < split;
    this.grow(points.filter(isBelow), depth + 1, maxDepth);
    this.above[node] = this.grow(
      points.filter((point) => !isBelow(point)),
      depth + 1,
      maxDepth,
    );
    return node;
  }
}

/** How easily random cuts part a point from the others, 0 to 1: about 0.5 in their midst, near 1 far from them. */
export type Forest = (point: Point) => number;

/**
 * An isolation forest that depends on the points and the seed alone.
 *
 * Written here since ml-isolation-forest draws from `Math.random`, which cannot be seeded, and grows each tree from all
 * points, where the paper takes a sample.
 *
 * @see https://doi.org/10.1109/ICDM.2008.17
 */
export const growForest = (points: readonly Point[], { trees, sample, random }: ForestOptions): Forest => {
  const size = Math.min(sample, points.length);
  const grown = Array.from({ length: trees }, () => new Tree(random.sample(points, size), random));
  return (point) => {
    let depths = 0;
    for (const tree of grown) depths += tree.depthOf(point);
    return 2 ** (-depths / trees / averageDepth(size));
  };
};
