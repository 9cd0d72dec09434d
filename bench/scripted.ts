// The scripted homeserver with a community on it, for sizes at which a real one would take minutes to prepare.

import { unasked } from "../test/support/synapse/scene.ts";
import { type RemoteHomeserver, startRemote } from "../test/homeserver/remote.ts";
import { TestClient } from "../test/support/synapse/client.ts";
import { measuredRoot } from "./measured.ts";
import { startTyr, type TyrProcess } from "../test/support/tyr-process.ts";

export interface Community {
  readonly homeserver: RemoteHomeserver;
  readonly bot: { readonly userId: string; readonly accessToken: string };
  /** In the management room only, watching. */
  readonly moderator: TestClient;
  readonly managementRoom: string;
  readonly list: string;
  /** Who wrote and may write the list. */
  readonly author: string;
  readonly rooms: readonly string[];
  /** Starts Tyr and resolves when its first message has arrived. */
  start(
    folder?: string,
    nodeOptions?: readonly string[],
  ): Promise<{ readonly tyr: TyrProcess; readonly ms: number }>;
}

export async function withCommunity(
  size: { readonly rooms: number; readonly membersEach: number },
  work: (community: Community) => Promise<void>,
): Promise<void> {
  const homeserver = await startRemote({ writeLatencyMs: 20, readLatencyMs: 5, seed: 7 });
  try {
    const bot = await homeserver.call("createUser", "tyr");
    const person = await homeserver.call("createUser", "moderator");
    const author = await homeserver.call("createUser", "author");
    const managementRoom = await homeserver.call("createRoom", {
      creator: person.userId,
      joinRule: "invite",
      name: "Management",
      invite: [bot.userId],
    });
    const list = await homeserver.call("createRoom", {
      creator: author.userId,
      joinRule: "public",
      name: "List",
      creationContent: { type: "m.policy" },
    });
    for (const room of [managementRoom, list]) await homeserver.call("join", room, bot.userId);
    const rooms = await homeserver.call("generateRooms", {
      count: size.rooms,
      membersEach: size.membersEach,
      botUserId: bot.userId,
    });
    const moderator = new TestClient(homeserver.url, person.accessToken);
    await moderator.watch();
    const settings = {
      managementRoom,
      protectedRooms: rooms,
      watchedLists: [list],
      commands: { describe: false },
      ...unasked,
      log: { level: "info" },
    };
    const watching = () =>
      moderator.seen.filter(
        ({ event }) =>
          event.sender === bot.userId && String(event.content["body"]).startsWith("Tyr is watching"),
      ).length;
    await work({
      homeserver,
      bot,
      moderator,
      managementRoom,
      list,
      author: author.userId,
      rooms,
      async start(folder, nodeOptions = []) {
        const before = watching();
        const begun = performance.now();
        const tyr = await startTyr({
          homeserverUrl: homeserver.url,
          accessToken: bot.accessToken,
          settings,
          from: "dist",
          nodeOptions,
          root: measuredRoot,
          ...(folder === undefined ? {} : { folder }),
        });
        const crashed = tyr.exited.then((code) =>
          Promise.reject(new Error(`Tyr ended with ${code}:\n${tyr.output().slice(-2_000)}`)),
        );
        await Promise.race([
          crashed,
          moderator.until(() => watching() > before, {
            what: "the first message of Tyr",
            timeoutMs: 300_000,
          }),
        ]);
        crashed.catch(() => undefined);
        return { tyr, ms: performance.now() - begun };
      },
    });
    await moderator.close();
  } finally {
    await homeserver.close();
  }
}
