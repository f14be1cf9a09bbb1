import { quoted, re2 } from '../text';
import type { Stage, State } from './lines';

const always = ['unparsed', 'parsed', 'error-free'] as const;

const lineFilter = (operator: Stage['operator'], text: string): Stage<State, 'same'> => ({
  operator,
  text: quoted(text),
  from: always,
  to: 'same',
});

/** The line holds this text, with the same capitals. */
export const contains = (text: string): Stage<State, 'same'> => lineFilter('|=', text);

export const lacks = (text: string): Stage<State, 'same'> => lineFilter('!=', text);

/** Some part of the line matches an RE2 pattern. @throws SyntaxError when it is no such pattern. */
export const matches = (pattern: string): Stage<State, 'same'> => lineFilter('|~', re2(pattern));

/** @throws SyntaxError as `matches` does. */
export const lacksMatch = (pattern: string): Stage<State, 'same'> => lineFilter('!~', re2(pattern));

/** Makes the fields of a line known. One that is no JSON goes on, marked with an error. */
export const json: Stage<'unparsed', 'parsed'> = { operator: '|', text: 'json', from: ['unparsed'], to: 'parsed' };

/** Drops the lines that are no JSON. */
export const noParserError: Stage<'parsed' | 'error-free', 'same'> = {
  operator: '|',
  text: '__error__!="JSONParserErr"',
  from: ['parsed', 'error-free'],
  to: 'same',
};

/**
 * Drops the lines that any stage before it marked with an error: no JSON, or no number where a filter compares with
 * one. A single line with an error fails a whole metric query.
 *
 * @see https://grafana.com/docs/loki/latest/query/metric_queries/#pipeline-errors
 */
export const noErrors: Stage<'parsed' | 'error-free', 'error-free'> = {
  operator: '|',
  text: '__error__=""',
  from: ['parsed', 'error-free'],
  to: 'error-free',
};
