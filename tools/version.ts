export interface Version {
  readonly major: number;
  readonly minor: number;
}

/** @throws when the text does not start with a version. */
export const parseVersion = (text: string): Version => {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(text) ?? [];
  if (major === undefined || minor === undefined) throw new Error(`not a version: '${text}'`);
  return { major: Number(major), minor: Number(minor) };
};

/** What a program says of its own version. The first line tells; later ones name the versions of its parts. */
export const printedVersion = (output: string): Version | undefined => {
  const [, version] =
    /^(?:\S+, version |\S+ version: |Kubernetes |Fluent Bit |Grafana version |\{.*"gitVersion":")(v?\d+\.\d+)/i.exec(
      output,
    ) ?? [];
  return version === undefined ? undefined : parseVersion(version);
};

export const isAtLeast = (found: Version, wanted: Version): boolean =>
  found.major === wanted.major ? found.minor >= wanted.minor : found.major > wanted.major;

export const versionText = ({ major, minor }: Version): string => `${major}.${minor}`;

/**
 * The version at which a go.mod requires the module that holds a Go package.
 *
 * @throws when it requires none.
 */
export const requiredVersion = (goMod: string, goPackage: string): string => {
  const [holder] = [...goMod.matchAll(/^(?:require |\t)(\S+) (v\S+)/gm)]
    .map(([, path = '', version = '']) => ({ path, version }))
    .filter(({ path }) => `${goPackage}/`.startsWith(`${path}/`))
    // The longest wins, as it does for Go: example.com/a/b may be a module beside example.com/a.
    .sort((a, b) => b.path.length - a.path.length);
  if (holder === undefined) throw new Error(`go.mod requires no module that holds ${goPackage}`);
  return holder.version;
};
