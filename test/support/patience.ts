/**
 * How long a test waits for something that must come. It ends what hangs and judges no speed: a machine under load is
 * slower by a factor of ten. What has to be quick is measured by `npm run bench`.
 */
export const patienceMs = 60_000;

/** A test ends after its waits, so that the wait says what did not come. */
export const testLimitMs = { core: 60_000, e2e: 180_000 } as const;
