import { run } from '../../tools/run';
import { eventually } from '../harness/eventually';
import { freePorts } from '../harness/free-ports';
import { startProcess } from '../harness/process';

const node = (script: string, options: Parameters<typeof startProcess>[2]) =>
  startProcess(process.execPath, ['--eval', script], options);

const answer = (port: number, status: number) =>
  `require('node:http').createServer((_, response) => response.writeHead(${status}).end()).listen(${port}, '127.0.0.1')`;

describe('a process', () => {
  test('is ready once its URL answers 200, and gone once it is stopped', async () => {
    const [port = 0] = await freePorts(1);
    const url = `http://127.0.0.1:${port}`;
    const { stop } = await node(answer(port, 200), { ready: url });
    await stop();
    await expect(fetch(url)).rejects.toThrow();
    await stop();
  });

  test('that ends early fails at once, with its last output', async () => {
    const started = Date.now();
    const script = 'console.log("first words"); console.error("last words"); process.exit(3)';
    await expect(node(script, { ready: 'http://127.0.0.1:1' })).rejects.toThrow(/ended with 3 before[^]*last words/);
    expect(Date.now() - started).toBeLessThan(5000);
  });

  test('that is never ready fails in time and is stopped', async () => {
    const [port = 0] = await freePorts(1);
    const url = `http://127.0.0.1:${port}`;
    await expect(node(answer(port, 503), { ready: url, withinSeconds: 1 })).rejects.toThrow(`${url} answered 503`);
    await expect(fetch(url)).rejects.toThrow();
  });

  test('does not outlive whoever started it, even if that was killed', async () => {
    const [port = 0] = await freePorts(1);
    const url = `http://127.0.0.1:${port}`;
    const args = JSON.stringify(['--eval', answer(port, 200)]);
    const script = `require('./test/harness/process').startProcess(process.execPath, ${args}, { ready: '${url}' })
      .then(() => process.kill(process.pid, 'SIGKILL'))`;
    await expect(run(process.execPath, ['--require', 'ts-node/register', '--eval', script])).rejects.toThrow('failed');
    await eventually('nobody answers', () => expect(fetch(url)).rejects.toThrow());
  });

  test('that cannot be started is an error', async () => {
    await expect(startProcess('/no/such/program', [], { ready: () => undefined })).rejects.toThrow('ENOENT');
  });
});

describe('eventually', () => {
  test('gives the first result that is not a failure', async () => {
    let attempts = 0;
    const probe = () => {
      attempts += 1;
      if (attempts < 3) throw new Error('too soon');
      return attempts;
    };
    await expect(eventually('third time lucky', probe, { everySeconds: 0.01 })).resolves.toBe(3);
  });

  test('tells the last failure when time is up, even of a probe that hangs', async () => {
    let attempts = 0;
    const probe = () => {
      attempts += 1;
      if (attempts > 2) return new Promise(() => undefined);
      throw new Error(`attempt ${attempts}`);
    };
    await expect(eventually('luck', probe, { withinSeconds: 0.2, everySeconds: 0.01 })).rejects.toThrow(
      'luck: not within 0.2 s. Error: attempt 2',
    );
  });
});

test('free ports differ', async () => {
  const ports = await freePorts(20, '127.0.0.2');
  expect(new Set(ports).size).toBe(20);
});
