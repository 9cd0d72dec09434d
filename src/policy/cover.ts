/**
 * The fewest policy rules that name all accounts of a wave and nobody else who was ever seen here: servers without
 * anybody else first, then globs over names of one form, then single accounts.
 */
import { compileGlob, hasWildcard } from "../kit/glob.ts";
import { localpartOf, serverOf, type ServerName, type UserId } from "../model/ids.ts";
import type { WorldView } from "../model/world/view.ts";
import { Exemptions } from "./exemptions.ts";
import { isLeftAlone } from "./own-people.ts";
import type { Banned } from "./rule-writing.ts";
import type { RulesInForce } from "./rules-in-force.ts";

/** `hash`: the rule has to hold a hash of the name, as the name itself would be read as a glob, or as another person's. */
export interface CoverEntry extends Banned {
  readonly hash: boolean;
}

export interface Cover {
  readonly entries: readonly CoverEntry[];
  /** Accounts that the entries name, and those that are beyond the bound. */
  readonly covered: number;
  readonly left: number;
}

interface CoverView {
  readonly world: WorldView;
  readonly rulesInForce: Pick<RulesInForce, "exemptionOf">;
}

/** More entries would be a burden to everybody who follows the list. */
const mostSingle = 50;
/** A glob is worth its risk for so many accounts, and says so many signs of their names: letters, or their number. */
const fewestOfGlob = 3;
const fewestSigns = 8;

export function cover(accounts: Iterable<UserId>, view: CoverView): Cover {
  const wave = new Set(accounts);
  const entries: CoverEntry[] = [];
  const single: UserId[] = [];
  for (const [server, users] of Map.groupBy(wave, serverOf)) {
    if (isServerOfWave(server, wave, view)) entries.push({ kind: "server", text: server, hash: false });
    else {
      const { globs, rest } = globsFor(server, users, { wave, view });
      entries.push(...globs.map((text) => ({ kind: "user", text, hash: false }) as const));
      single.push(...rest);
    }
  }
  const kept = single.slice(0, mostSingle);
  return {
    entries: [...entries, ...kept.map((text) => singleEntry(text, view))],
    covered: wave.size - (single.length - kept.length),
    left: single.length - kept.length,
  };
}

function singleEntry(text: UserId, { world }: CoverView): CoverEntry {
  const hash = hasWildcard(text) || world.members.variantsOf(text.toLowerCase()).length > 1;
  return { kind: "user", text, hash };
}

/** Nobody was ever seen of it who is no part of the wave, and it is neither ours nor exempt. */
function isServerOfWave(server: ServerName, wave: ReadonlySet<UserId>, { world }: CoverView): boolean {
  if (server === serverOf(world.self) || new Exemptions(world).ofServer(server)) return false;
  return hasNobodyElse(world.members.usersOfServer(server), wave);
}

function hasNobodyElse(users: Iterable<UserId>, wave: ReadonlySet<UserId>): boolean {
  for (const user of users) if (!wave.has(user)) return false;
  return true;
}

/** Names of one form: as long as one another, and with a beginning in common; `?` stands for each letter that differs. */
function globsFor(
  server: ServerName,
  users: readonly UserId[],
  { wave, view }: { readonly wave: ReadonlySet<UserId>; readonly view: CoverView },
): { readonly globs: readonly string[]; readonly rest: readonly UserId[] } {
  const globs: string[] = [];
  const rest: UserId[] = [];
  for (const alike of Map.groupBy(users, (user) => localpartOf(user).length).values()) {
    const glob = alike.length < fewestOfGlob ? undefined : globOver(server, alike);
    if (glob !== undefined && isForWaveAlone(glob, server, { wave, view })) globs.push(glob);
    else rest.push(...alike);
  }
  return { globs, rest };
}

function globOver(server: ServerName, alike: readonly UserId[]): string | undefined {
  const names = alike.map(localpartOf);
  const [first = ""] = names;
  let same = 0;
  while (same < first.length && names.every((name) => name[same] === first[same])) same++;
  // Its own signs must not be read as wildcards.
  if (first.length < fewestSigns || /[*?]/.test(first.slice(0, same))) return undefined;
  return `@${first.slice(0, same)}${"?".repeat(first.length - same)}:${server}`;
}

function isForWaveAlone(
  glob: string,
  server: ServerName,
  { wave, view }: { readonly wave: ReadonlySet<UserId>; readonly view: CoverView },
): boolean {
  const { world } = view;
  const compiled = compileGlob(glob, { ignoreCase: true });
  for (const user of world.members.usersOfServer(server))
    if (compiled.matches(user) && (!wave.has(user) || isLeftAlone(user, view))) return false;
  // On the server of our own people a form of name is no sign of anything.
  return server !== serverOf(world.self);
}
