import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';

/** Columns of a dashboard. */
export const columns = 24;

interface Sized {
  readonly width: number;
  readonly height: number;
}

const widthOf = (line: readonly Sized[]): number => line.reduce((sum, { width }) => sum + width, 0);

/** As many panels side by side as fit. */
const linesOf = <P extends Sized>(panels: readonly P[]): readonly (readonly P[])[] => {
  const lines: P[][] = [];
  for (const panel of panels) {
    const line = lines.at(-1);
    if (line !== undefined && widthOf(line) + panel.width <= columns) line.push(panel);
    else lines.push([panel]);
  }
  return lines;
};

/**
 * From left to right; a new line begins where the next would not fit, beneath the highest of the line before. A line
 * that they leave room in is stretched to fill it.
 */
export const placed = <P extends Sized>(
  panels: readonly P[],
  top: number,
): { readonly panels: readonly (readonly [P, GridPos])[]; readonly bottom: number } => {
  let bottom = top;
  const positions = linesOf(panels).flatMap((line) => {
    const y = bottom;
    const edge = (index: number): number => Math.round((columns * widthOf(line.slice(0, index))) / widthOf(line));
    bottom += Math.max(...line.map(({ height }) => height));
    return line.map(
      (panel, index) => [panel, { x: edge(index), y, w: edge(index + 1) - edge(index), h: panel.height }] as const,
    );
  });
  return { panels: positions, bottom };
};
