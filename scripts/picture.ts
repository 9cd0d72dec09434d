// docs/session.svg: the management room of a real session, as a client shows it. Run it when answers have changed.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { textOf, type MatrixEvent } from "../test/support/synapse/client.ts";
import { ask } from "../test/support/synapse/conversation.ts";
import { setScene, type Scene } from "../test/support/synapse/scene.ts";
import { startSynapse } from "../test/support/synapse/synapse.ts";
import { startTyr } from "../test/support/tyr-process.ts";
import { drawing, type Line } from "./drawing.ts";

const synapse = await startSynapse({ defaultRoomVersion: "12" });
try {
  const scene = await setScene(synapse, { rooms: 12, version: "12" });
  const [spammer, flooder] = [
    await scene.person("coins", scene.rooms),
    await scene.person("loud", scene.rooms),
  ];
  for (const room of scene.rooms) await spammer.client.sendText(room, "buy my coins");
  const tyr = await startTyr({
    homeserverUrl: synapse.url,
    accessToken: scene.bot.accessToken,
    settings: scene.settings,
  });
  await scene.said(/^Tyr is watching/);
  await ask(scene, `!tyr ban ${spammer.userId} spam`);
  await ask(scene, "!tyr mtue @loud");
  await ask(scene, "!tyr protections enable flood");
  // Until Tyr has had enough.
  for (let i = 0; i < 40; i++)
    if (!(await isSaid(flooder.client.sendText(scene.rooms[0]!, `look at me ${i}`)))) break;
  const alert = await scene.said(/^\W*flood in[\s\S]*Take it back/, 30_000);
  await ask(scene, `!tyr undo ${/undo (\d+)/.exec(alert)![1]}`);
  await ask(scene, `!tyr why ${spammer.userId}`);
  writeFileSync(join(import.meta.dirname, "../docs/session.svg"), drawing(linesOf(scene)));
  await tyr.stop();
  await tyr.remove();
  scene.close();
} finally {
  await synapse.stop();
}

function isSaid(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}

/** Each message once, with its newest text, and the marks on it. */
function linesOf({ moderator, bot, managementRoom, moderatorId }: Scene): readonly Line[] {
  const seen = moderator
    .allSeen(() => true)
    .filter(({ roomId }) => roomId === managementRoom)
    .map(({ event }) => event);
  const relation = ({ content }: MatrixEvent) => (content["m.relates_to"] ?? {}) as Record<string, unknown>;
  const readable = (text: string) =>
    text
      .replaceAll(/@(coins|loud|mod|tyr)-[a-z0-9]+:tyr\.test/g, "@$1:example.org")
      .replace(/Room (\d+)/g, (_, n) => ["Lobby", "Garden", "Workshop"][Number(n) - 1] ?? `Room ${n}`);
  return seen
    .filter((event) => event.type === "m.room.message" && relation(event)["rel_type"] !== "m.replace")
    .filter(({ sender }) => sender === bot.userId || sender === moderatorId)
    .map((event) => {
      const edit = seen.findLast(
        (one) => relation(one)["rel_type"] === "m.replace" && relation(one)["event_id"] === event.event_id,
      );
      const marks = seen
        .filter((one) => one.type === "m.reaction" && relation(one)["event_id"] === event.event_id)
        .map((one) => String(relation(one)["key"]));
      return {
        by: event.sender === bot.userId ? "Tyr" : "Mod",
        text: readable(textOf(edit ?? event).replace(/^\* /, "")),
        marks,
      };
    });
}
