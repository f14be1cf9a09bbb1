import type { LogReduction } from '../catalog/logs';
import { alternatives } from '../units/regex';

/** The last two hexadecimal digits of a trace id are random: each stands for one trace in 256. */
const shares = 256;

/** Shares of the traces that a ratio keeps, 1 at the least: a ratio of nothing would be a filter by another name. */
export const keptShares = (keepRatio: number): number => Math.max(1, Math.round(keepRatio * shares));

const hexadecimal = '0123456789abcdef';

/** The pattern of two hexadecimal digits that stand for `least` or more, which is below the number of shares. */
const atLeast = (least: number): string => {
  const [high, low] = [Math.floor(least / 16), least % 16];
  const sameHigh = `${hexadecimal[high]}[${hexadecimal.slice(low)}]`;
  return high === 15 ? sameHigh : `(${sameHigh}|[${hexadecimal.slice(high + 1)}][${hexadecimal}])`;
};

/** Filters of Fluent Bit on the parsed line, which lies under `app`; lines without the fields are kept. */
export const levelFilters = (match: string, { debug, info }: LogReduction): readonly object[] => [
  ...(debug === 'drop' ? [{ name: 'grep', match, exclude: "$app['level'] ^DEBUG$" }] : []),
  ...(info === 'keep' || keptShares(info.keepRatio) === shares
    ? []
    : [
        {
          name: 'grep',
          match,
          logical_op: 'and',
          exclude: [
            "$app['level'] ^INFO$",
            `$app['module'] ^(${alternatives(info.modules)})$`,
            `$app['trace_id'] ${atLeast(keptShares(info.keepRatio))}$`,
          ],
        },
      ]),
];
