const escaped = (name: string): string => name.replace(/[^\w]/g, '\\$&');

/** The sum of a metric over a program's own page: of the series that bear a label, or of all; 0 without any. */
export const exposedSum = async (
  page: string,
  name: string,
  [label, value]: readonly [label: string, value: string] | readonly [] = [],
): Promise<number> => {
  const response = await fetch(page);
  if (!response.ok) throw new Error(`${page} answered ${response.status}`);
  const series = new RegExp(`^${escaped(name)}(?:\\{(.*)\\})? (\\S+)$`, 'gm');
  const values = [...(await response.text()).matchAll(series)]
    .filter(([, labels = '']) => label === undefined || `,${labels},`.includes(`,${label}="${value}",`))
    .map(([, , number]) => Number(number));
  return values.reduce((sum, number) => sum + number, 0);
};
