// A wave of spam on real homeservers: accounts with names of one form, each with a text of its own and the same link, that
// come to rooms and write at once. Made beforehand, so that it strikes as fast as the servers take it.

import { Chance } from "../../waves/blocks/chance.ts";
import { hexadecimal } from "../../waves/blocks/names.ts";
import { masks, spam, type Mask } from "../../waves/blocks/spam-texts.ts";
import { inTurns } from "../in-turns.ts";
import { RequestFailed, TestClient, type MatrixEvent } from "./client.ts";
import { timelineOf } from "./timeline.ts";

export interface WaveHome {
  readonly url: string;
  readonly serverName: string;
  registerUser(localpart: string): Promise<{ readonly userId: string; readonly accessToken: string }>;
}

export interface WaveOptions {
  /** Its accounts are of these servers, in turns. The first one knows the rooms. */
  readonly homes: readonly [WaveHome, ...WaveHome[]];
  readonly rooms: readonly string[];
  readonly count: number;
  readonly roomsEach?: number;
  readonly mask?: Mask;
  readonly seed?: number;
}

export interface WaveAccount {
  readonly userId: string;
  readonly client: TestClient;
  readonly rooms: readonly string[];
  /** Messages that its server has taken. */
  taken: number;
}

export interface SynapseWave {
  readonly accounts: readonly WaveAccount[];
  /** All of them come and write, one after the other, some at a time. What the servers refuse is no fault. */
  strikes(): Promise<void>;
  /** Those with this membership in any of the rooms, as the client sees it. */
  withMembership(client: TestClient, membership: "ban" | "join"): Promise<ReadonlySet<string>>;
  /** What they wrote and the rooms have taken; what was removed of it says nothing. */
  messages(client: TestClient): Promise<readonly MatrixEvent[]>;
}

export async function makeWave(options: WaveOptions): Promise<SynapseWave> {
  const { homes, rooms, count, roomsEach = 1, mask, seed = 1 } = options;
  const chance = new Chance(seed);
  const naming = hexadecimal(11);
  // Synapse keeps names of digits alone for guests.
  const names = Array.from({ length: count }, (_, i) => `a${naming(chance, i).localpart}`);
  const accounts = await inTurns(names, async (localpart, i): Promise<WaveAccount> => {
    const home = homes[i % homes.length]!;
    const { userId, accessToken } = await home.registerUser(localpart);
    const theirs = Array.from({ length: roomsEach }, (_, n) => rooms[(i * roomsEach + n) % rooms.length]!);
    return { userId, client: new TestClient(home.url, accessToken), rooms: theirs, taken: 0 };
  });
  const via = homes.length > 1 ? [homes[0].serverName] : [];
  const users = new Set(accounts.map(({ userId }) => userId));

  const textOf = () => {
    const text = spam("coins", chance);
    return `${mask ? masks[mask](text, chance) : text} https://evil.example/${chance.letters(6)}`;
  };

  return {
    accounts,
    async strikes() {
      await inTurns(accounts, async (account) => {
        for (const room of account.rooms) await strike(account, room, { via, text: textOf() });
      });
    },
    async withMembership(client, wanted) {
      const found = new Set<string>();
      for (const room of rooms)
        for (const [user, membership] of await client.members(room))
          if (membership === wanted && users.has(user)) found.add(user);
      return found;
    },
    async messages(client) {
      const all = await Promise.all(rooms.map((room) => timelineOf(client, room)));
      return all.flat().filter(({ type, sender }) => type === "m.room.message" && users.has(sender));
    },
  };
}

async function strike(
  account: WaveAccount,
  room: string,
  { via, text }: { readonly via: readonly string[]; readonly text: string },
): Promise<void> {
  const { client } = account;
  try {
    await client.join(room, via);
    await client.sendText(room, text);
    account.taken++;
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
  }
}
