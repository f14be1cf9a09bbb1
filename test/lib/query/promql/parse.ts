import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/** A parsed query: what the node is, its operator or name if it has one, and its parts. */
export interface Node {
  readonly kind: string;
  readonly text: string;
  readonly children: readonly Node[];
}

const toNode = (node: SyntaxNode, query: string): Node => {
  const children: Node[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(toNode(child, query));
  return { kind: node.type.isError ? 'error' : node.name, text: query.slice(node.from, node.to), children };
};

/** The tree that Prometheus' own grammar for editors makes of a query, errors and all. */
export const parse = (query: string): Node => toNode(parser.parse(query).topNode, query);

/** The node and everything below it. */
export const nodesOf = (node: Node): readonly Node[] => [node, ...node.children.flatMap(nodesOf)];

/** Grafana's variable is no PromQL until Grafana has filled it in. */
const filledIn = (query: string): string => query.replaceAll('$__rate_interval', '1m');

/** The texts that the grammar cannot make sense of. */
export const syntaxErrors = (query: string): readonly string[] =>
  nodesOf(parse(filledIn(query)))
    .filter(({ kind }) => kind === 'error')
    .map(({ text }) => text || '(missing)');
