/** With whom an account is compared: the newest ones that have something rare in common with it. */
import type { Account, Trait } from "./account.ts";
import { rare } from "./accounts.ts";
import type { Usual } from "./usual.ts";

/** So many: what an account costs does not depend on how many there are. */
const mostCandidates = 24;

/** By the rarest trait first. */
export function candidatesFor(
  account: Account,
  { usual, at }: { readonly usual: Usual; readonly at: number },
): readonly Account[] {
  const found = new Set<Account>();
  const rareOnes = account.traits.filter((trait) => usual.of(trait, at) <= rare);
  for (const { recent } of rareOnes.toSorted(byRarity))
    for (let i = recent.length - 1; i >= 0; i--) {
      if (recent[i] !== account) found.add(recent[i]!);
      if (found.size === mostCandidates) return [...found];
    }
  return [...found];
}

function byRarity(one: Trait, other: Trait): number {
  return one.usual - other.usual;
}
