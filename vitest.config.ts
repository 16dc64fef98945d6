import { defineConfig } from 'vitest/config';

const common = { environment: 'node', restoreMocks: true } as const;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...common,
          name: 'unit',
          include: ['src/**/*.test.ts', 'test/*.test.ts', 'test/contract/**/*.test.ts'],
        },
      },
      {
        test: {
          ...common,
          name: 'e2e',
          // After the unit tests: a machine that is busy with others is no measure of what a change costs.
          sequence: { groupOrder: 1 },
          include: ['test/e2e/**/*.test.ts', 'test/scenarios/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      { test: { ...common, name: 'fuzz', include: ['test/fuzz/**/*.fuzz.ts'], testTimeout: 600_000 } },
    ],
  },
});
