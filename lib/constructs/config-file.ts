import { createHash } from 'node:crypto';
import { ConfigMap } from 'cdk8s-plus-28';
import { Construct } from 'constructs';

export interface ConfigFilesProps {
  /** Start of the ConfigMap's name. */
  readonly name: string;
  /** File name to content. */
  readonly files: Readonly<Record<string, string>>;
  /** Changed in place under a fixed name, for a program that reloads the files by itself. */
  readonly reloads?: boolean;
}

/**
 * Files for a program, as a ConfigMap.
 *
 * Unless the program reloads them the map is immutable and named by its content: a change rolls exactly the pods that
 * read it, halts at the first pod that does not come up, and a rollback still finds the old one.
 */
export class ConfigFiles extends Construct {
  /** Name of the ConfigMap. */
  readonly configMapName: string;

  constructor(scope: Construct, id: string, { name, files, reloads = false }: ConfigFilesProps) {
    super(scope, id);
    const hash = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 10);
    this.configMapName = reloads ? name : `${name}-${hash}`;
    new ConfigMap(this, 'ConfigMap', {
      metadata: { name: this.configMapName },
      data: { ...files },
      immutable: !reloads,
    });
  }
}
