import { readFileSync } from 'node:fs';
import { routing, routingFile, routingText } from '../../docs/routing';
import { alertFacts, alertNames } from '../../lib/catalog/alerts';
import { severities } from '../../lib/catalog/receivers';
import { inhibitions } from '../../lib/config/inhibitions';
import { profileNames } from '../harness/rendered';

test('docs/routing.md is what the model gives; when it is not, run `npm run docs`', () => {
  expect(readFileSync(routingFile, 'utf8')).toBe(routingText);
});

test('every alert has a line with a receiver in every profile, or a profile that lacks it', () => {
  for (const { alertname, severity, receivers } of routing) {
    expect([...receivers.keys()]).toEqual(profileNames);
    const line = new RegExp(`^\\| ${alertname} +\\| ${severity} +\\|(.*)\\|$`, 'm').exec(routingText)?.[1] ?? '';
    const shown = line.split('|').map((cell) => cell.trim());
    const cells = [...receivers.values()].map((names) =>
      names === 'absent'
        ? '–'
        : names
            .map((name) => `\`${name}\``)
            .sort()
            .join(', '),
    );
    expect(shown).toEqual(cells);
  }
  expect(routing.map(({ alertname }) => alertname)).toEqual(alertNames);
});

test('where an alert is there, it goes to whom its severity is for, and to whom else it names', () => {
  for (const { alertname, receivers } of routing) {
    const { severity, alsoTells } = alertFacts(alertname);
    const told = [...(alsoTells === undefined ? [] : [alsoTells]), severities[severity]];
    for (const names of receivers.values()) expect(['absent', told]).toContainEqual(names);
  }
  const inProduction = routing.filter(({ receivers }) => receivers.get('production') !== 'absent');
  expect(inProduction.length).toBeGreaterThan(45);
});

test('every inhibition is told in words', () => {
  for (const { name, help } of inhibitions) expect(routingText).toMatch(new RegExp(`\\| \`${name}\` +\\| ${help}`));
});
