import { atom, type Expression } from '../expression';
import { quantileText, windowText } from '../text';
import type { Range, Vector, Window } from './expression';
import type { Lines } from './lines';
import type { Groupable, NumberField } from './names';

/** A number for each combination of all that is known of a line, its trace among it; `sumBy` says what to keep. */
export interface Tally<L extends string> extends Expression<Range> {
  readonly tallyLabels?: (label: L) => L;
  /** Keeps it from passing as a vector. */
  readonly labels?: 'take a sum of it';
}

type Countable = 'unparsed' | 'error-free';

const rangeText = (lines: string, window: Window): string =>
  // A selector alone ends in a brace.
  `${lines}${lines.endsWith('}') ? '' : ' '}[${windowText(window)}]`;

const tally =
  (operator: string) =>
  <S extends Countable>(lines: Lines<S>, window: Window): Tally<Groupable<S>> =>
    atom(`${operator}(${rangeText(lines.text, window)})`, [{ lines: lines.text, window }]);

/** Lines in the window. */
export const countOverTime = tally('count_over_time');
/** Lines per second. */
export const rate = tally('rate');
/** Bytes of lines in the window. */
export const bytesOverTime = tally('bytes_over_time');
/** Bytes of lines per second. */
export const bytesRate = tally('bytes_rate');

/** The numbers that a field holds, of the lines on which it holds one. */
export interface Numbers {
  readonly text: string;
  readonly field: NumberField;
}

export const unwrap = (lines: Lines<'parsed' | 'error-free'>, field: NumberField): Numbers => ({
  text: `${lines.text} | unwrap ${field} | __error__=""`,
  field,
});

const overNumbers =
  (operator: string) =>
  <const By extends readonly Groupable<'error-free'>[]>(
    { text }: Numbers,
    window: Window,
    ...by: By
  ): Vector<By[number]> =>
    atom(`${operator}${rangeText(text, window)}) by (${by.join(', ')})`, [{ lines: text, window }]);

// Each keeps the labels that it is given, and no others. The unit is that of the field.
export const avgOverTime = overNumbers('avg_over_time(');
export const maxOverTime = overNumbers('max_over_time(');

/**
 * The value below which a share `quantile` (0 to 1) of the numbers lies.
 *
 * @throws RangeError when the quantile is no share.
 */
export const quantileOverTime = <const By extends readonly Groupable<'error-free'>[]>(
  quantile: number,
  numbers: Numbers,
  window: Window,
  ...by: By
): Vector<By[number]> => overNumbers(`quantile_over_time(${quantileText(quantile)}, `)(numbers, window, ...by);
