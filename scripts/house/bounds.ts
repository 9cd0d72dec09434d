// How large things may get. Past these a second idea hides in most files and functions.

export const bounds = { fileLines: 300, functionLines: 60, keys: 15 } as const;
