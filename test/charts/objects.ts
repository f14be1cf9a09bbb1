import { App, type Chart } from 'cdk8s';
import { manifestsOf, type Manifest } from '../../charts/manifest';

/** What a chart writes, less what every object of it shares. */
export const objectsOf = (build: (app: App) => Chart): readonly Manifest[] => manifestsOf(build(new App()));
