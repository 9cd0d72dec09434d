// A community on a real Synapse: a bot account free of limits, a moderator, a management room, a policy list and
// rooms to protect. What every end-to-end test, the demo and the benchmarks begin with.

import { TestClient, textOf } from "./client.ts";
import type { Synapse } from "./synapse.ts";

export interface SceneOptions {
  readonly rooms: number;
  readonly version?: "11" | "12";
  /** The list exists and is watched by the config. */
  readonly list?: boolean;
}

export interface Scene {
  readonly synapse: Synapse;
  readonly bot: { readonly userId: string; readonly accessToken: string };
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
  /** Resolves with the next message of the bot in the management room that fits. */
  said(pattern: RegExp, timeoutMs?: number): Promise<string>;
  close(): void;
}

export async function setScene(
  synapse: Synapse,
  { rooms: count, version = "11" }: SceneOptions,
): Promise<Scene> {
  const name = Math.random().toString(36).slice(2, 8);
  const bot = await synapse.registerUser(`tyr-${name}`);
  const mod = await synapse.registerUser(`mod-${name}`);
  await Promise.all([bot, mod].map((user) => synapse.setRateLimitFree(user.userId)));
  const moderator = new TestClient(synapse.url, mod.accessToken);
  const botClient = new TestClient(synapse.url, bot.accessToken);
  const levels = powerFor(version, { creator: mod.userId, bot: bot.userId });
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
    powerLevels: levels,
  });
  await botClient.join(list);
  const rooms: string[] = [];
  for (let i = 0; i < count; i++) {
    const room = await moderator.createRoom({ name: `Room ${i + 1}`, version, powerLevels: levels });
    await botClient.join(room);
    rooms.push(room);
  }
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
    settings: { managementRoom, protectedRooms: rooms, watchedLists: [list], log: { level: "debug" } },
    async person(localpart, where) {
      const user = await synapse.registerUser(`${localpart}-${name}`);
      await synapse.setRateLimitFree(user.userId);
      const client = new TestClient(synapse.url, user.accessToken);
      await Promise.all(where.map((room) => client.join(room)));
      closing.push(client);
      return { userId: user.userId, client };
    },
    async said(pattern, timeoutMs = 20_000) {
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
