/** The only source of randomness, so that tests and simulations can seed it. */

export interface Random {
  /** A number in [0, 1). */
  next(): number;
}

export const systemRandom: Random = { next: () => Math.random() };
