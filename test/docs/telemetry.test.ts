import { readFileSync } from 'node:fs';
import { telemetry, telemetryFile } from '../../docs/telemetry';
import { catalog } from '../../lib/catalog/catalog';
import { logFields, logLevels } from '../../lib/catalog/logs';
import { guideNames } from '../../lib/catalog/recorded';
import { spanAttributes } from '../../lib/catalog/spans';

test('docs/telemetry.md is what the catalog gives; when it is not, run `npm run docs`', () => {
  expect(readFileSync(telemetryFile, 'utf8')).toBe(telemetry);
});

test('all that the catalog declares is in the reference', () => {
  const names = [
    ...catalog.map(({ name }) => name),
    ...[logFields, logLevels, spanAttributes, guideNames].flatMap(Object.keys),
  ];
  expect(names.filter((name) => !telemetry.includes(`\`${name}\``))).toEqual([]);
});
