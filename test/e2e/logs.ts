import './log-shipping';
import './log-queries';
import './odd-lines';
import './log-reduction';
import { exposedSum } from './exposed';
import { shippingTest } from './log-tests';
import { stack } from './running-stack';

shippingTest('Loki has refused none of all these lines', async () => {
  const page = `${stack().loki.url}/metrics`;
  expect(await exposedSum(page, 'loki_distributor_lines_received_total')).toBeGreaterThan(0);
  expect(await exposedSum(page, 'loki_discarded_samples_total')).toBe(0);
});
