import type { Problem } from '../lib/units/problem';
import type { Manifest } from './manifest';

/** Client-side `kubectl apply` keeps a copy of the object in an annotation, and annotations are limited. */
const maxConfigMapBytes = 256 * 1024;

const nameOf = ({ kind, metadata }: Manifest): string => `${metadata.namespace ?? ''}/${kind}/${metadata.name}`;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Every text in a value, with its path. */
function* texts(value: unknown, path: string): Iterable<readonly [path: string, text: string]> {
  if (typeof value === 'string') yield [path, value];
  else if (isObject(value)) for (const [key, inner] of Object.entries(value)) yield* texts(inner, `${path}.${key}`);
}

const secretPatterns: Readonly<Record<string, RegExp>> = {
  'a private key': /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  'an AWS access key': /\bAKIA[0-9A-Z]{16}\b/,
  'a Slack token': /\bxox[abprs]-[0-9A-Za-z-]{10,}/,
  'a GitHub token': /\bgh[pousr]_[0-9A-Za-z]{36}\b/,
  'a URL with a password': /\b[a-z][a-z0-9+]*:\/\/[^/\s:@"'`]+:[^/\s:@"'`]+@/,
};
const secretNames = /(password|passwd|secret|token|api_?key)$/i;

function* checkEnvironment(path: string, env: unknown): Iterable<Problem> {
  if (!Array.isArray(env)) return;
  for (const variable of env as readonly { readonly name: string; readonly value?: string }[])
    if (secretNames.test(variable.name) && variable.value !== undefined)
      yield {
        path: `${path}.env.${variable.name}`,
        value: `${variable.value.length} characters`,
        fix: 'it looks like a secret in clear: mount a key of a Secret as a file instead',
      };
}

function* checkManifest(object: Manifest): Iterable<Problem> {
  const path = nameOf(object);
  for (const [textPath, text] of texts(object, path))
    for (const [what, pattern] of Object.entries(secretPatterns))
      if (pattern.test(text))
        yield {
          path: textPath,
          value: `${text.length} characters`,
          fix: `it holds ${what}: keep it in a Secret and refer to it`,
        };

  const spec = isObject(object['spec']) ? object['spec'] : {};
  const template = isObject(spec['template']) ? spec['template'] : {};
  const pod = isObject(template['spec']) ? template['spec'] : {};
  const containers = Array.isArray(pod['containers'])
    ? (pod['containers'] as readonly Readonly<Record<string, unknown>>[])
    : [];
  for (const container of containers) {
    const containerPath = `${path}.${String(container['name'])}`;
    yield* checkEnvironment(containerPath, container['env']);
  }
  if (object.kind === 'Secret')
    yield { path, value: 'Secret', fix: 'manifests hold no secrets: create it in the cluster and refer to it by name' };
  if (object.kind === 'ConfigMap') {
    const size = Buffer.byteLength(JSON.stringify(object['data'] ?? {}));
    if (size > maxConfigMapBytes)
      yield {
        path,
        value: `${Math.ceil(size / 1024)} KiB`,
        fix: `kubectl apply takes at most ${maxConfigMapBytes / 1024} KiB, since it keeps a copy in an annotation: split it`,
      };
  }
}

/** What is wrong with the objects of one deployment, and what two of them have in common that they must not. */
export function* checkObjects(objects: readonly Manifest[]): Iterable<Problem> {
  const names = new Set<string>();
  for (const object of objects) {
    const name = nameOf(object);
    if (names.has(name))
      yield { path: name, value: object.metadata.name, fix: 'two objects have that name: rename one' };
    names.add(name);
    yield* checkManifest(object);
  }
}
