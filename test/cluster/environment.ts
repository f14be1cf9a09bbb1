import type { Circus } from '@jest/types';
import { TestEnvironment } from 'jest-environment-node';
import { program } from '../../tools/programs';
import { run } from '../../tools/run';
import { skipReason } from './skip';

/** @throws with what to do about it, when there is no cluster to test on. */
const findCluster = async (): Promise<void> => {
  const { KUBECONFIG: kubeconfig } = process.env;
  if (!kubeconfig)
    throw new Error(
      'KUBECONFIG is not set. It names the kubeconfig of a cluster to deploy to, for instance one of `kind create cluster`.',
    );
  const { code, stderr } = await run(await program('kubectl'), ['get', '--raw=/readyz', '--request-timeout=10s']);
  if (code !== 0) throw new Error(`The cluster of KUBECONFIG=${kubeconfig} does not answer:\n${stderr.trim()}`);
};

const isBlock = (child: Circus.DescribeBlock | Circus.TestEntry): child is Circus.DescribeBlock =>
  child.type === 'describeBlock';

/** Skips all that a block holds, with the hooks around it. */
const skipBlock = (block: Circus.DescribeBlock): void => {
  block.mode = 'skip';
  for (const child of block.children)
    if (isBlock(child)) skipBlock(child);
    else Object.assign(child, { mode: 'skip', errors: [] });
};

/**
 * Refuses to start without a cluster, lets a test say while it runs that it is to be skipped, and fails once instead
 * of in every test when the deployment itself fails.
 */
export default class ClusterEnvironment extends TestEnvironment {
  private readonly skipped: string[] = [];

  override async setup(): Promise<void> {
    await super.setup();
    await findCluster();
  }

  handleTestEvent(event: Circus.AsyncEvent | Circus.SyncEvent): void {
    if (event.name === 'test_done') this.reportSkip(event.test);
    if (event.name === 'hook_failure' && event.hook.type === 'beforeAll' && !event.hook.parent.parent)
      event.hook.parent.children.filter(isBlock).forEach(skipBlock);
  }

  private reportSkip(test: Circus.TestEntry): void {
    const reasons = test.errors.flatMap((error) => skipReason(Array.isArray(error) ? error[0] : error) ?? []);
    if (reasons.length === 0 || reasons.length < test.errors.length) return;
    test.status = 'skip';
    test.errors = [];
    this.skipped.push(`${test.parent.name}: ${test.name} (${reasons.join('; ')})`);
  }

  override async teardown(): Promise<void> {
    if (this.skipped.length > 0) process.stderr.write(`SKIPPED\n${this.skipped.map((line) => `- ${line}\n`).join('')}`);
    await super.teardown();
  }
}
