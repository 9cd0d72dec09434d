// A disk that can take no more, for real: the system refuses every write to a file, by a limit on the running process.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { JournalPast } from "../../src/journal/past.ts";
import { openDatabase } from "../../src/store/database.ts";
import { setScene, type Scene } from "../support/synapse/scene.ts";
import { startSynapse, type Synapse } from "../support/synapse/synapse.ts";
import { startTyr, type TyrProcess } from "../support/tyr-process.ts";
import type { MatrixEvent } from "../support/synapse/client.ts";
import { usualLimits } from "../support/limits.ts";

let synapse: Synapse;
let scene: Scene;
let tyr: TyrProcess;

beforeAll(async () => {
  synapse = await startSynapse({ rateLimits: "none" });
  scene = await setScene(synapse, { rooms: 3, version: "11" });
  tyr = await startTyr({
    homeserverUrl: synapse.url,
    accessToken: scene.bot.accessToken,
    settings: scene.settings,
  });
  await scene.said(/^Tyr is watching/);
});

afterAll(async () => {
  await tyr.stop();
  scene.close();
  await tyr.remove();
  await synapse.stop();
});

/** The soft limit only, which may be raised again. */
const limitFiles = (bytes: number | "unlimited") =>
  execFileSync("prlimit", ["--pid", String(tyr.pid), `--fsize=${bytes}:`]);

const banned = (user: string) =>
  Promise.all(
    scene.rooms.map((room) =>
      scene.moderator.until(
        (event: MatrixEvent, where) =>
          where === room &&
          event.type === "m.room.member" &&
          event.state_key === user &&
          event.content["membership"] === "ban",
        { what: `the ban in ${room}` },
      ),
    ),
  );

test("the protection goes on, the moderators are told, and nothing is forgotten once there is room", async () => {
  const [first, second] = [
    await scene.person("first", scene.rooms),
    await scene.person("second", scene.rooms),
  ];
  limitFiles(0);

  for (const { userId } of [first, second]) {
    await scene.moderator.sendState(scene.list, "m.policy.rule.user", `rule:${userId}`, {
      entity: userId,
      recommendation: "m.ban",
    });
    await banned(userId);
  }
  await scene.said(/^My data folder cannot be written: /);

  limitFiles("unlimited");
  expect(await tyr.stop()).toBe(0);
  expect(tyr.output().match(/cannot be written/g)).toHaveLength(1);
  expect(tyr.output()).toContain("can be written again");
  const db = openDatabase(join(tyr.folder, "data"));
  const states = [first, second].flatMap(({ userId }) =>
    new JournalPast(db, usualLimits).about(userId, 100).map(({ result }) => result?.kind),
  );
  db.close();
  expect(states).toEqual(Array.from({ length: 6 }, () => "done"));
});
