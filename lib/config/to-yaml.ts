import { stringify } from 'yaml';

/** The only call to `stringify`. YAML 1.1, so that `on` and `yes` are quoted for Go parsers. */
export const toYaml = (document: object): string =>
  stringify(document, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
