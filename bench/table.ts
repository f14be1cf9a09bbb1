const medianOf = (sorted: readonly number[]): number => {
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
};

export const median = (values: readonly number[]): number => medianOf(values.toSorted((a, b) => a - b));

/** Median, lowest and highest: `0.81 (0.79 to 0.93)`; a dash when nothing was measured. */
export const spread = (values: readonly number[], digits: number): string => {
  if (values.some(Number.isNaN)) return '-';
  const sorted = values.toSorted((a, b) => a - b);
  const [lowest = NaN, highest = NaN] = [sorted.at(0), sorted.at(-1)];
  return `${medianOf(sorted).toFixed(digits)} (${lowest.toFixed(digits)} to ${highest.toFixed(digits)})`;
};

/** Rows of cells in columns: the first to the left, the others to the right. */
export const table = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('   ')
        .trimEnd(),
    )
    .join('\n');
};
