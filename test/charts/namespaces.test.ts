import { NamespacesChart } from '../../charts/namespaces';
import { ofKind } from '../manifests/output';
import { objectsOf } from './objects';

const synth = () =>
  objectsOf(
    (app) =>
      new NamespacesChart(app, 'namespaces', {
        namespaces: { application: 'shop', monitoring: 'watch', agents: 'nodes' },
      }),
  );

test('the whole chart', () => {
  expect(synth()).toMatchSnapshot();
});

test('all audit and warn as restricted, so that the open one is open on record', () => {
  for (const { metadata } of ofKind(synth(), 'Namespace'))
    expect(metadata?.labels).toMatchObject({
      'pod-security.kubernetes.io/audit': 'restricted',
      'pod-security.kubernetes.io/warn': 'restricted',
    });
});
