import { SimulatorChart } from '../../charts/simulator';
import { ofKind } from '../manifests/output';
import { objectsOf } from './objects';

const synth = (bundle = 'run()') =>
  objectsOf((app) => new SimulatorChart(app, 'simulator', { namespace: 'shop', bundle }));

test('the whole chart', () => {
  expect(synth()).toMatchSnapshot();
});

test('another program is another ConfigMap, so that the pods that run it are replaced', () => {
  const nameOf = (bundle: string) => ofKind(synth(bundle), 'ConfigMap').map(({ metadata }) => metadata?.name);
  expect(nameOf('run()')).toEqual(nameOf('run()'));
  expect(nameOf('run( )')).not.toEqual(nameOf('run()'));
});
