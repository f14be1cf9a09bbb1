import type { Problems } from './check-value';
import type { LinksProfile } from './profile';

function* checkLink(path: string, link: string): Problems {
  const url = URL.canParse(link) ? new URL(link) : undefined;
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (url === undefined || !isWeb || url.search !== '' || url.hash !== '' || url.username !== '')
    yield {
      path,
      value: JSON.stringify(link),
      fix: 'write a base URL: http or https, a host, and a path if there is one',
    };
  else if (link.endsWith('/')) yield { path, value: link, fix: 'paths are appended to it: drop the / at its end' };
}

export function* checkLinks(path: string, links: LinksProfile): Problems {
  const all: Readonly<Record<string, string>> = { ...links };
  for (const [name, link] of Object.entries(all)) yield* checkLink(`${path}.${name}`, link);
}
