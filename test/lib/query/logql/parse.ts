import { parser } from '@grafana/lezer-logql';
import { errorsIn, treeOf, type Node } from '../tree';

/** Grafana's variable is no LogQL until Grafana has filled it in. */
const filledIn = (query: string): string => query.replaceAll('$__auto', '1m');

/** The tree that Grafana's own grammar for editors makes of a query, errors and all. */
export const parse = (query: string): Node => treeOf(parser, filledIn(query));

/** The texts that the grammar cannot make sense of. */
export const syntaxErrors = (query: string): readonly string[] => errorsIn(parse(query));
