import type { Image } from '../catalog/image';
import { checkSubdomain, type Problems } from './check-value';
import type { AutoServeImages } from './profile';

function* checkRepository(path: string, repository: string): Problems {
  if (!/^[a-z0-9][-a-z0-9.]*(:\d+)?(\/[a-z0-9][-a-z0-9._]*)*$/.test(repository))
    yield {
      path,
      value: JSON.stringify(repository),
      fix: 'write host and path without scheme or slash at the end, as in registry.example.org/autoserve',
    };
}

const movesTo = 'it means another image tomorrow: name an exact version';

function* checkTag(path: string, tag: string): Problems {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(tag))
    yield { path, value: JSON.stringify(tag), fix: 'write an image tag: letters, digits, _, . and -, at most 128' };
  else if (tag === 'latest') yield { path, value: tag, fix: movesTo };
}

/** Tags that registries move to each new release of a kind; where no digest pins the image, they are refused. */
const movingTag = /^(main|master|stable|edge|nightly|dev|v?\d+(\.\d+)?)$/;

function* checkVersion(path: string, version: string): Problems {
  yield* checkTag(path, version);
  if (movingTag.test(version)) yield { path, value: version, fix: movesTo };
}

function* checkDigest(path: string, digest: string): Problems {
  if (!/^sha256:[0-9a-f]{64}$/.test(digest))
    yield {
      path,
      value: JSON.stringify(digest),
      fix: 'pin the image by its digest, sha256: and 64 hexadecimal digits',
    };
}

/** Root is refused by the Pod Security level of every namespace but the agents'. */
export function* checkUser(path: string, user: number): Problems {
  if (!Number.isInteger(user) || user < 1)
    yield { path, value: `${user}`, fix: 'name the numeric user of the image; 0 is root, which Pod Security refuses' };
}

export function* checkImage(path: string, { repository, tag, digest }: Image): Problems {
  yield* checkRepository(`${path}.repository`, repository);
  yield* checkTag(`${path}.tag`, tag);
  yield* checkDigest(`${path}.digest`, digest);
}

function* settableBy(variable: string, problems: Problems): Problems {
  for (const { fix, ...problem } of problems) yield { ...problem, fix: `${fix} (${variable} sets it)` };
}

export function* checkAutoServeImages(path: string, images: AutoServeImages): Problems {
  const { registry, version, digests, user, pullSecret } = images;
  yield* settableBy('AUTOSERVE_REGISTRY', checkRepository(`${path}.registry`, registry));
  yield* settableBy('AUTOSERVE_VERSION', checkVersion(`${path}.version`, version));
  if (digests !== 'by-version')
    for (const [service, digest] of Object.entries(digests)) yield* checkDigest(`${path}.digests.${service}`, digest);
  yield* checkUser(`${path}.user`, user);
  if (pullSecret !== 'none') yield* checkSubdomain(`${path}.pullSecret.secretName`, pullSecret.secretName);
}
