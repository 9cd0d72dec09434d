// Two projects: `core` is everything that needs no server, `e2e` talks to a real Synapse.
// Which of them runs, and in how many processes, is decided by scripts/test.ts.

const shared = {
  testEnvironment: "node",
  extensionsToTreatAsEsm: [".ts"],
  // dist/ and caches hold copies of package.json and of sources that must not be found twice.
  modulePathIgnorePatterns: ["<rootDir>/dist/", "<rootDir>/.cache/"],
  transform: {
    "\\.ts$": [
      "@swc/jest",
      {
        swcrc: false,
        sourceMaps: "inline",
        jsc: { target: "es2024", parser: { syntax: "typescript" } },
      },
    ],
  },
};

export default {
  // Ends what hangs; see test/support/patience.ts. The end-to-end tests get more by scripts/test.ts.
  testTimeout: 60_000,
  projects: [
    {
      ...shared,
      displayName: "core",
      testMatch: ["<rootDir>/test/**/*.test.ts"],
      testPathIgnorePatterns: ["<rootDir>/test/e2e/"],
    },
    {
      ...shared,
      displayName: "e2e",
      testMatch: ["<rootDir>/test/e2e/**/*.test.ts"],
      // They take minutes each: `E2E_LONG=1 npm run test:e2e -- test/e2e/long`.
      testPathIgnorePatterns: process.env["E2E_LONG"] === undefined ? ["<rootDir>/test/e2e/long/"] : [],
      globalSetup: "<rootDir>/test/support/synapse/prepare.ts",
    },
  ],
};
