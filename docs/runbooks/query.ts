import type { AlertName } from '../../lib/catalog/alerts';
import type { Expression as ExpressionOf } from '../../lib/query/expression';
import type { Range } from '../../lib/query/logql/expression';
import type { Lines } from '../../lib/query/logql/lines';
import type { Expression } from '../../lib/query/promql/expression';
import type { TraceSearch } from '../../lib/signals/traces';

/** A question whose answer confirms an alert or tells its cause; whom to ask is its key. */
export type RunbookQuery = {
  /** What the answer is, in one sentence without its full stop. */
  readonly shows: string;
} & (
  | { readonly promql: Expression }
  | { readonly logql: Lines | ExpressionOf<Range> }
  | { readonly jaeger: Omit<TraceSearch, 'kind' | 'title' | 'help'> }
);

/** At least one question for each of these alerts, in the order in which they are asked. */
export type RunbookQueries<N extends AlertName> = Readonly<Record<N, readonly [RunbookQuery, ...RunbookQuery[]]>>;
