import { parser } from '@prometheus-io/lezer-promql';
import { errorsIn, treeOf, type Node } from '../tree';

/** The tree that Prometheus' own grammar for editors makes of a query, errors and all. */
export const parse = (query: string): Node => treeOf(parser, query);

/** Grafana's variable is no PromQL until Grafana has filled it in. */
const filledIn = (query: string): string => query.replaceAll('$__rate_interval', '1m');

/** The texts that the grammar cannot make sense of. */
export const syntaxErrors = (query: string): readonly string[] => errorsIn(parse(filledIn(query)));
