import fc from 'fast-check';
import { placed } from '../../../../lib/config/dashboards/layout';

const of = (width: number, height: number) => ({ width, height });

test('panels stand from left to right, and a new line begins beneath the highest of the one before', () => {
  const { panels, bottom } = placed([of(12, 8), of(6, 4), of(8, 4), of(24, 2)], 10);
  expect(panels.map(([, position]) => position)).toEqual([
    { x: 0, y: 10, w: 12, h: 8 },
    { x: 12, y: 10, w: 6, h: 4 },
    { x: 0, y: 18, w: 8, h: 4 },
    { x: 0, y: 22, w: 24, h: 2 },
  ]);
  expect(bottom).toBe(24);
});

test('no panels need no room', () => {
  expect(placed([], 3)).toEqual({ panels: [], bottom: 3 });
});

test('no panel is upon another, outside the columns or beneath the bottom', () => {
  const sizes = fc.array(fc.record({ width: fc.integer({ min: 1, max: 24 }), height: fc.integer({ min: 1, max: 9 }) }));
  fc.assert(
    fc.property(sizes, fc.nat({ max: 50 }), (all, top) => {
      const { panels, bottom } = placed(all, top);
      const taken = new Set<string>();
      for (const [{ width, height }, { x, y, w, h }] of panels) {
        expect([w, h]).toEqual([width, height]);
        expect(x + w).toBeLessThanOrEqual(24);
        expect(y).toBeGreaterThanOrEqual(top);
        expect(y + h).toBeLessThanOrEqual(bottom);
        for (let column = x; column < x + w; column += 1)
          for (let line = y; line < y + h; line += 1) {
            expect(taken).not.toContain(`${column} ${line}`);
            taken.add(`${column} ${line}`);
          }
      }
    }),
  );
});
