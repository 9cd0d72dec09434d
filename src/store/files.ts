/** The names of the files in the data folder. */

export const databaseFile = "tyr.db";
export const lockFile = "tyr.lock";
