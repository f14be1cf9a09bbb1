/**
 * @jest-environment ./test/cluster/environment.ts
 */
import { admission } from './admission';
import { alerting } from './alerting';
import { applying } from './applying';
import { profile, progress } from './cluster';
import { deploy, deployment, recovered } from './deployment';
import { configuration, eviction } from './disruption';
import { guide } from './guide';
import { logs } from './logs';
import { expectTargetsUp, metrics } from './metrics';
import { network } from './network';
import { outage } from './outage';
import { forwardPrometheus } from './prometheus';
import { rights } from './rights';
import { traces } from './traces';
import { volumes } from './volumes';
import { workloads } from './workloads';

beforeAll(async () => {
  progress(`Deploying profile ${profile.name}`);
  await deploy();
  for (const secret of deployment().placeholders) progress(`Laid a placeholder for the Secret ${secret}`);
}, 900_000);

afterAll(() => {
  progress(`Profile ${profile.name} stays deployed. Probes, strangers and variants of the tests are removed.`);
});

// In this order: first what leaves the deployment as it is, then what disturbs it.
describe('applying', applying);
describe('workloads', workloads);
describe('metrics', metrics);
describe('logs', logs);
describe('traces', traces);
describe('guide', guide);
describe('rights', rights);
describe('admission', admission);
describe('network', network);
describe('volumes', volumes);
describe('alerting', alerting);
describe('outage', outage);
describe('eviction', eviction);
describe('configuration', configuration);

test('in the end everything runs and is scraped as before', async () => {
  await recovered();
  const prometheus = await forwardPrometheus();
  await expectTargetsUp(prometheus);
  await prometheus.stop();
}, 300_000);
