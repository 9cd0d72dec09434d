/** The names of the files in the data folder. */

export const databaseFile = "tyr.db";
/** The keys of encryption: in no backup, as keys that were set back in time are refused by the clients of others. */
export const cryptoFile = "crypto.db";
export const lockFile = "tyr.lock";
/** The key of the stash: never in the database, and in no backup of it. */
export const stashKeyFile = "tyr-stash.key";
/** Opens the account's identity; made with it. */
export const recoveryKeyFile = "recovery.key";
