import { checkLinks } from '../../../lib/profile/check-links';
import { production } from '../../../lib/profile/production';
import type { LinksProfile } from '../../../lib/profile/profile';

const links = (grafana: string): LinksProfile => ({ ...production.links, grafana });

test.each(['https://grafana.example.org', 'http://localhost:3000', 'https://example.org/grafana'])(
  '%s is fine',
  (url) => {
    expect([...checkLinks('links', links(url))]).toEqual([]);
  },
);

test.each([
  ['', 'base URL'],
  ['grafana.example.org', 'base URL'],
  ['grafana.example.org:3000', 'base URL'],
  ['ftp://example.org', 'base URL'],
  ['javascript:alert(1)', 'base URL'],
  ['https://user@example.org', 'base URL'],
  ['https://example.org?a=b', 'base URL'],
  ['https://example.org#a', 'base URL'],
  ['https://grafana.example.org/', 'drop the /'],
  ['https://example.org/grafana/', 'drop the /'],
])('%s is refused', (url, fix) => {
  expect([...checkLinks('links', links(url))]).toMatchObject([
    { path: 'links.grafana', fix: expect.stringContaining(fix) as string },
  ]);
});
