import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';

/** Columns of a dashboard. */
export const columns = 24;

interface Sized {
  readonly width: number;
  readonly height: number;
}

/** From left to right; a new line begins where the next would not fit, beneath the highest of the line before. */
export const placed = <P extends Sized>(
  panels: readonly P[],
  top: number,
): { readonly panels: readonly (readonly [P, GridPos])[]; readonly bottom: number } => {
  let [x, y, bottom] = [0, top, top];
  const positions = panels.map((panel) => {
    const { width: w, height: h } = panel;
    if (x + w > columns) [x, y] = [0, bottom];
    const position = { x, y, w, h };
    x += w;
    bottom = Math.max(bottom, y + h);
    return [panel, position] as const;
  });
  return { panels: positions, bottom };
};
