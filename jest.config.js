// Each project is one npm script: `test` needs Node alone, the others need the real programs.
const project = (displayName, testMatch) => ({
  displayName,
  testMatch,
  // The Kubernetes client and what it loads are ES modules.
  transform: {
    '^.+\\.[jt]s$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: [
    '/node_modules/(?!(@kubernetes/client-node|openid-client|oauth4webapi|jose|jsonpath-plus)/)',
  ],
});

module.exports = {
  // The helpers that wait for a program say what they waited for; this only catches what has no limit of its own.
  testTimeout: 120_000,
  // Of the tests that start programs side by side.
  maxConcurrency: 2,
  projects: [
    project('unit', ['<rootDir>/test/**/*.test.ts', '!**/test/{verify,e2e,cluster}/**']),
    project('verify', ['<rootDir>/test/verify/**/*.test.ts']),
    project('e2e', ['<rootDir>/test/e2e/**/*.test.ts']),
    project('cluster', ['<rootDir>/test/cluster/**/*.test.ts']),
  ],
};
