/** A value that the program reads from a file of its own when it starts. */
export interface FromFile {
  readonly file: string;
}

export type IniValue = string | number | boolean | FromFile;

/** Sections, each with its keys. */
export type IniDocument = Readonly<Record<string, Readonly<Record<string, IniValue>>>>;

/** What begins a comment, goes on in the next line, is a quote that is dropped, or a variable that is filled in. */
const misread = /[#;`\n\r$]|%\(|\\$|^[\s"']|[\s"']$/;

const valueText = (path: string, value: IniValue): string => {
  if (typeof value === 'object') return `$__file{${valueText(path, value.file)}}`;
  const text = `${value}`;
  if (misread.test(text))
    throw new RangeError(`${path}: ${JSON.stringify(text)} would be read as something else: write it without`);
  return text;
};

/**
 * Settings as Grafana reads them.
 *
 * @throws RangeError when a text would not arrive as it is.
 * @see https://grafana.com/docs/grafana/v13.2/setup-grafana/configure-grafana/
 */
export const toIni = (document: IniDocument): string =>
  Object.entries(document)
    .map(([section, keys]) => {
      const lines = Object.entries(keys).map(([key, value]) => `${key} = ${valueText(`${section}.${key}`, value)}`);
      return [`[${section}]`, ...lines, ''].join('\n');
    })
    .join('\n');
