import { readSettings } from '../../../apps/simulator/settings';

test('the service alone is enough', () => {
  expect(readSettings({ SERVICE_NAME: 'worker' })).toMatchObject({
    service: 'worker',
    address: '0.0.0.0',
    port: 8001,
    backendUrl: 'http://backend:8000',
    workerUrl: 'http://worker:8001',
  });
  expect(readSettings({ SERVICE_NAME: 'ml-controller' }).port).toBe(8002);
});

test('an empty variable counts as left out', () => {
  expect(readSettings({ SERVICE_NAME: 'backend', PORT: '' }).port).toBe(8000);
});

test('bad settings are refused all together, each with its name, value and fix', () => {
  const read = (): unknown =>
    readSettings({
      SERVICE_NAME: 'frontend',
      PORT: '80000',
      WORKER_URL: 'worker:8001',
      PSEUDO_RANDOM_SEED: '1.5',
      LOAD_REQUESTS_PER_SECOND: 'many',
      LOAD_WAVE_AMPLITUDE: '-1',
      LOG_LEVEL: 'loud',
    });
  expect(read).toThrow(
    new Error(
      [
        'SERVICE_NAME is "frontend": set it to one of backend, worker, ml-controller',
        'PORT is "80000": set it to a number from 0 to 65535, or leave it out',
        'WORKER_URL is "worker:8001": set it to a URL such as http://worker:8001',
        'PSEUDO_RANDOM_SEED is "1.5": set it to a whole number from 0 to 4294967295, or leave it out',
        'LOG_LEVEL is "loud": set it to one of DEBUG, INFO, WARN, ERROR, FATAL',
        'LOAD_REQUESTS_PER_SECOND is "many": set it to a number from 0 to 200, or leave it out',
        'LOAD_WAVE_AMPLITUDE is "-1": set it to a number from 0 to 1, or leave it out',
      ].join('\n'),
    ),
  );
});

test('a service that is not set is asked for', () => {
  expect(() => readSettings({})).toThrow('SERVICE_NAME is not set: set it to one of backend, worker, ml-controller');
});
