// Loaded into every Node process of a measured command: each notes the most memory that it held.
process.once('exit', () => {
  const { appendFileSync } = process.getBuiltinModule('node:fs');
  appendFileSync(process.env.BENCH_MEMORY_FILE, `${process.resourceUsage().maxRSS}\n`);
});
