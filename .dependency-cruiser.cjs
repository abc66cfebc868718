// The arrows between folders go one way: api → nodes → engine → schemas.
const never = (name, from, to) => ({ name, severity: 'error', from: { path: from }, to: { path: to } });
module.exports = {
  forbidden: [
    never('schemas-import-nothing', '^schemas/', '^(engine|nodes|api|tests|examples)/'),
    never('engine-imports-schemas-only', '^engine/', '^(nodes|api|tests|examples)/'),
    never('nodes-import-engine-and-schemas', '^nodes/', '^(api|tests|examples)/'),
    never('api-imports-no-tests', '^api/', '^(tests|examples)/'),
    {
      name: 'nodes-use-the-public-face-of-the-engine',
      severity: 'error',
      from: { path: '^nodes/' },
      to: { path: '^engine/', pathNot: '^engine/(index|sdk)\\.ts$' },
    },
    // Loading them costs each start dearly: see the doors.
    {
      name: 'libraries-behind-their-doors',
      severity: 'error',
      from: { path: '^(engine|nodes|api)/', pathNot: '^engine/(store/(drizzle|pglite-database)|text/phones)\\.ts$' },
      to: { path: '^node_modules/(drizzle-orm|libphonenumber-js)/' },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    // `takt/sdk` and `takt/testing` are given to packages of third parties when they are loaded.
    // The benchmark's peers are no dependencies: their programs are copied beside the packages before they run.
    {
      name: 'no-unresolved',
      severity: 'error',
      from: { pathNot: '^tests/bench/peers/programs/.*\\.mjs$' },
      to: { couldNotResolve: true, pathNot: '^takt/(sdk|testing)$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
