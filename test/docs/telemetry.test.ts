import { readFileSync } from 'node:fs';
import { telemetry, telemetryFile } from '../../docs/telemetry';
import { catalog } from '../../lib/catalog/catalog';
import { logFields, logLevels } from '../../lib/catalog/logs';
import { streamLabels, structuredMetadata } from '../../lib/catalog/log-streams';
import { guideNames } from '../../lib/catalog/recorded';
import { criticalities, spanAttributes, tracedServices } from '../../lib/catalog/spans';
import { production } from '../../lib/profile/production';
import { logQueries } from '../../lib/signals/logs';
import { traceQueries } from '../../lib/signals/traces';

test('docs/telemetry.md is what the catalog gives; when it is not, run `npm run docs`', () => {
  expect(readFileSync(telemetryFile, 'utf8')).toBe(telemetry);
});

test('all that the catalog declares is in the reference', () => {
  const names = [
    ...catalog.map(({ name }) => name),
    ...[logFields, logLevels, streamLabels, structuredMetadata, spanAttributes, guideNames].flatMap(Object.keys),
    ...Object.values(tracedServices).flatMap(({ operations }) => Object.keys(operations)),
  ];
  expect(names.filter((name) => !telemetry.includes(`\`${name}\``))).toEqual([]);
});

test('every named question is in the reference', () => {
  for (const { title, expression } of Object.values(logQueries)) {
    expect(telemetry).toContain(`# ${title}, `);
    expect(telemetry).toContain(`\n${expression.text}\n`);
  }
  for (const { title } of Object.values(traceQueries)) expect(telemetry).toContain(`| ${title} `);
});

/** The cells of the row that begins with a text, table by table. */
const rows = (first: string): readonly (readonly string[])[] =>
  [...telemetry.matchAll(new RegExp(`^\\| ${first} +\\| (.*) \\|$`, 'gm'))].map(([, cells = '']) =>
    cells.split('|').map((cell) => cell.trim()),
  );

test('of each criticality it is told how many traces production records and how many of the ordinary it stores', () => {
  const { headSampling, tailSampling } = production.traces;
  const kept = tailSampling === 'keep-all' ? 1 : tailSampling.keepRatio;
  for (const criticality of Object.keys(criticalities) as (keyof typeof criticalities)[]) {
    const [recorded, stored] = rows(criticality);
    expect(Number(recorded?.[2])).toBe(headSampling[criticality]);
    expect(Number(stored?.[2])).toBeCloseTo(headSampling[criticality] * kept, 12);
  }
});

test('of each service it is told when a span is slow', () => {
  for (const [service, { slowAfterSeconds }] of Object.entries(tracedServices))
    for (const cells of rows(`\`${service}\``).filter(([operation]) => operation === 'all that are not listed'))
      expect(cells.at(-1)).toBe(`${slowAfterSeconds} s`);
  expect(rows('`backend`').length).toBeGreaterThan(1);
});
