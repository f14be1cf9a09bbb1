import { startStack } from './stack';
test('spike', async () => {
  const t0 = Date.now();
  const stack = await startStack();
  console.log('started', Date.now() - t0, stack.prometheus.url);
  for (let i = 0; i < 12; i++) {
    await new Promise((r) => setTimeout(r, 1000));
    const t = await stack.prometheus.targets();
    console.log(
      i,
      t.map(({ labels, health, lastError }) => `${JSON.stringify(labels)} ${health} ${lastError}`).join('\n'),
    );
  }
  const pg = stack.pods.find((p) => p.component === 'postgres-exporter');
  const tt = Date.now();
  const r = await fetch(`http://${pg?.address}:9187/metrics`);
  console.log(
    'PGTIME',
    Date.now() - tt,
    (await r.text())
      .split('\n')
      .filter((l) => /^pg_(up|exp|scrape)/.test(l))
      .join('\n'),
  );
  const series = await stack.prometheus.series('{__name__=~".+"}');
  const m: Record<string, Record<string, number>> = {};
  for (const { __name__ = '', ...l } of series) {
    const k = Object.keys(l).sort().join(',');
    (m[__name__] ??= {})[k] = (m[__name__][k] ?? 0) + 1;
  }
  console.log(JSON.stringify(m, null, 1));
}, 120_000);
