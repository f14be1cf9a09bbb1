import type { Duration } from 'cdk8s';
import type { Metric } from '../../catalog/metric';
import { precedence, type Expression as ExpressionOf } from '../expression';

/** Range of a rate: a rule states it, a panel follows the step between two points, or is the whole time picker. */
export type Window = Duration | '$__rate_interval' | '$__range';

/** One look at a metric, and over which range if over any. */
export interface Use {
  readonly metric: Metric;
  readonly window?: Window;
}

/** PromQL; its uses are every metric that it asks. */
export type Expression = ExpressionOf<Use>;

/**
 * Instant vector whose series are told apart by exactly the labels `L`. The property is never set: it carries `L`
 * both ways, so that neither more nor fewer labels fit where `L` is asked for.
 */
export interface Vector<L extends string> extends Expression {
  readonly labels?: (label: L) => L;
}

/** PromQL that the builder cannot say, with the reason why. */
export const raw = <L extends string>(reason: string, text: string, uses: readonly Metric[]): Vector<L> => {
  if (reason.trim() === '')
    throw new TypeError(`raw query ${JSON.stringify(text)}: say why the builder cannot write it`);
  return { text, precedence: precedence.or, uses: uses.map((metric) => ({ metric })) };
};
