// A community on a real Synapse: a bot account free of limits, a moderator, a management room, a policy list and
// rooms to protect. What every end-to-end test, the demo and the benchmarks begin with.

import { inTurns } from "../in-turns.ts";
import { patienceMs } from "../patience.ts";
import { type RoomOptions, TestClient, textOf } from "./client.ts";
import type { RegisteredUser, Synapse } from "./synapse.ts";

/** Settings with which no change is so large that Tyr asks before it. */
export const unasked = {
  guard: { maxPeople: 1_000, maxRoomShare: 100, maxRegulars: 1_000, maxStaff: 1_000, maxServerShare: 100 },
} as const;

export interface SceneOptions {
  readonly rooms: number;
  /** Of the rooms; "both": half of them of each, in turns. */
  readonly version?: "11" | "12" | "both";
  /** State that each room has from the beginning. */
  readonly roomState?: RoomOptions["initialState"];
  /** The list exists and is watched by the config. */
  readonly list?: boolean;
  /** The server's rate limits hold for the bot once the scene is set; otherwise it is exempt. */
  readonly isBotLimited?: boolean;
}

export interface Scene {
  readonly synapse: Synapse;
  readonly bot: RegisteredUser;
  readonly moderator: TestClient;
  readonly moderatorId: string;
  readonly managementRoom: string;
  readonly list: string;
  readonly rooms: readonly string[];
  /** Settings with which Tyr protects these rooms. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** A new account, joined to the rooms. */
  person(
    localpart: string,
    rooms: readonly string[],
  ): Promise<{ readonly userId: string; readonly client: TestClient }>;
  /** So many new accounts at once, joined to the rooms; nobody speaks or listens for them. Gives their user ids. */
  crowd(localpart: string, count: number, rooms: readonly string[]): Promise<readonly string[]>;
  /** Resolves with the next message of the bot in the management room that fits. */
  said(pattern: RegExp, timeoutMs?: number): Promise<string>;
  close(): void;
}

export async function setScene(
  synapse: Synapse,
  { rooms: count, version: wanted = "11", roomState, isBotLimited = false }: SceneOptions,
): Promise<Scene> {
  const name = Math.random().toString(36).slice(2, 8);
  const bot = await synapse.registerUser(`tyr-${name}`);
  const mod = await synapse.registerUser(`mod-${name}`);
  await Promise.all([bot, mod].map((user) => synapse.setRateLimitFree(user.userId)));
  const moderator = new TestClient(synapse.url, mod.accessToken);
  const botClient = new TestClient(synapse.url, bot.accessToken);
  const version = wanted === "both" ? "12" : wanted;
  const levelsIn = (one: string) => powerFor(one, { creator: mod.userId, bot: bot.userId });
  const managementRoom = await moderator.createRoom({
    preset: "private_chat",
    name: "Management",
    invite: [bot.userId],
    version,
  });
  await botClient.join(managementRoom);
  const list = await moderator.createRoom({
    name: "Community list",
    version,
    creationContent: { type: "m.policy" },
    initialState: [{ type: "org.matrix.mjolnir.shortcode", state_key: "", content: { shortcode: "coc" } }],
    powerLevels: levelsIn(version),
  });
  await botClient.join(list);
  const rooms: string[] = [];
  for (let i = 0; i < count; i++) {
    const its = wanted === "both" && i % 2 === 0 ? "11" : version;
    const room = await moderator.createRoom({
      name: `Room ${i + 1}`,
      version: its,
      powerLevels: levelsIn(its),
      ...(roomState && { initialState: roomState }),
    });
    await botClient.join(room);
    rooms.push(room);
  }
  if (isBotLimited) await synapse.setRateLimited(bot.userId);
  await moderator.watch();
  const closing: TestClient[] = [moderator];
  return {
    synapse,
    bot,
    moderator,
    moderatorId: mod.userId,
    managementRoom,
    list,
    rooms,
    settings: {
      managementRoom,
      protectedRooms: rooms,
      watchedLists: [list],
      // Fifty writes of no matter but to clients.
      commands: { describe: false },
      log: { level: "debug" },
    },
    async person(localpart, where) {
      const user = await synapse.registerUser(`${localpart}-${name}`);
      await synapse.setRateLimitFree(user.userId);
      const client = new TestClient(synapse.url, user.accessToken);
      await Promise.all(where.map((room) => client.join(room)));
      closing.push(client);
      return { userId: user.userId, client };
    },
    async crowd(localpart, size, where) {
      const names = Array.from({ length: size }, (_, i) => `${localpart}-${name}-${i}`);
      return inTurns(names, async (one) => {
        const user = await synapse.registerUser(one);
        const client = new TestClient(synapse.url, user.accessToken);
        for (const room of where) await client.join(room);
        return user.userId;
      });
    },
    async said(pattern, timeoutMs = patienceMs) {
      const { event } = await moderator.until(
        (one, room) => room === managementRoom && one.sender === bot.userId && pattern.test(textOf(one)),
        {
          what: `a message of the bot like ${pattern.source}`,
          timeoutMs,
        },
      );
      return textOf(event);
    },
    close() {
      for (const client of closing) void client.close();
    },
  };
}

/** The bot at 100; since version 12 the creator stands above and must not be listed. */
function powerFor(
  version: string,
  { creator, bot }: { creator: string; bot: string },
): Record<string, unknown> {
  return { users: { [bot]: 100, ...(version === "12" ? {} : { [creator]: 100 }) } };
}
