/** As in package.json, which a test compares: programs without files can tell it, too. */
export const version = "0.1.0";
