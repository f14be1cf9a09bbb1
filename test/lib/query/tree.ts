// The grammars' own types are those of their ES modules.
import type { SyntaxNode } from '@lezer/common' with { 'resolution-mode': 'import' };
import type { LRParser } from '@lezer/lr' with { 'resolution-mode': 'import' };

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

/** The tree that a grammar for editors makes of a query, errors and all. */
export const treeOf = (parser: LRParser, query: string): Node => toNode(parser.parse(query).topNode, query);

/** The node and everything below it. */
export const nodesOf = (node: Node): readonly Node[] => [node, ...node.children.flatMap(nodesOf)];

/** The texts that the grammar cannot make sense of. */
export const errorsIn = (tree: Node): readonly string[] =>
  nodesOf(tree)
    .filter(({ kind }) => kind === 'error')
    .map(({ text }) => text || '(missing)');

/** The value of a string literal in double quotes, by Go's rules as far as our queries need them. */
export const unquoted = (literal: string): string =>
  literal.slice(1, -1).replace(/\\(x00|.)/gs, (_, escaped: string) => ({ n: '\n', x00: '\0' })[escaped] ?? escaped);
