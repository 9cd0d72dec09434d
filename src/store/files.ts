/** The names of the files in the data folder. */

export const databaseFile = "tyr.db";
export const lockFile = "tyr.lock";
/** The key of the stash: never in the database, and in no backup of it. */
export const stashKeyFile = "tyr-stash.key";
