import fc from 'fast-check';
import { placed } from '../../../../lib/config/dashboards/layout';

const of = (width: number, height: number) => ({ width, height });

test('panels stand from left to right, and a new line begins beneath the highest of the one before', () => {
  const { panels, bottom } = placed([of(12, 8), of(12, 4), of(8, 4), of(16, 3), of(24, 2)], 10);
  expect(panels.map(([, position]) => position)).toEqual([
    { x: 0, y: 10, w: 12, h: 8 },
    { x: 12, y: 10, w: 12, h: 4 },
    { x: 0, y: 18, w: 8, h: 4 },
    { x: 8, y: 18, w: 16, h: 3 },
    { x: 0, y: 22, w: 24, h: 2 },
  ]);
  expect(bottom).toBe(24);
});

test.each([
  ['one that is alone is as wide as the dashboard', [8], [24]],
  ['two share it', [8, 8], [12, 12]],
  ['the wider one of two stays so', [6, 12], [8, 16]],
  ['what cannot be shared evenly is shared in whole columns', [3, 3, 3, 3, 3], [5, 5, 4, 5, 5]],
])('a line that is not full is stretched: %s', (_, widths, stretched) => {
  const { panels } = placed(
    widths.map((width) => of(width, 8)),
    0,
  );
  expect(panels.map(([, { w }]) => w)).toEqual(stretched);
});

test('no panels need no room', () => {
  expect(placed([], 3)).toEqual({ panels: [], bottom: 3 });
});

test('every line is full, and no panel upon another, outside the columns or beneath the bottom', () => {
  const sizes = fc.array(fc.record({ width: fc.integer({ min: 1, max: 24 }), height: fc.integer({ min: 1, max: 9 }) }));
  fc.assert(
    fc.property(sizes, fc.nat({ max: 50 }), (all, top) => {
      const { panels, bottom } = placed(all, top);
      const taken = new Set<string>();
      for (const [{ width, height }, { x, y, w, h }] of panels) {
        expect(w).toBeGreaterThanOrEqual(width);
        expect(h).toBe(height);
        expect(x + w).toBeLessThanOrEqual(24);
        expect(y).toBeGreaterThanOrEqual(top);
        expect(y + h).toBeLessThanOrEqual(bottom);
        for (let column = x; column < x + w; column += 1)
          for (let line = y; line < y + h; line += 1) {
            expect(taken).not.toContain(`${column} ${line}`);
            taken.add(`${column} ${line}`);
          }
      }
      for (const y of new Set(panels.map(([, position]) => position.y)))
        expect(panels.reduce((sum, [, position]) => sum + (position.y === y ? position.w : 0), 0)).toBe(24);
    }),
  );
});
