// The keys to what was said in encrypted rooms do not stay for ever.

import { afterEach, expect, test } from "@jest/globals";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { cryptoFile } from "../../src/store/files.ts";
import { EncryptedStory } from "../support/encryption/encrypted-story.ts";
import { aFolder } from "../support/folder.ts";

let desk: EncryptedStory | undefined;
afterEach(() => desk?.stop());

const day = 86_400_000;

/** When each key to a room's words came. */
function keysIn(folder: string): readonly number[] {
  const sqlite = new DatabaseSync(join(folder, cryptoFile), { readOnly: true });
  const rows = sqlite
    .prepare(
      "SELECT made_at FROM record JOIN store ON store.id = record.store WHERE name = 'inbound_group_sessions3'",
    )
    .all() as { made_at: number }[];
  sqlite.close();
  return rows.map((row) => row.made_at);
}

test("after encryption.keepKeysDays they are gone, and what is said with new ones is read", async () => {
  const folder = aFolder();
  desk = await EncryptedStory.begin({ dataPath: folder });
  await desk.command("!tyr rooms");
  await desk.story.stop();
  const before = keysIn(folder);

  await desk.story.clock.skip(31 * day);
  await desk.wait(desk.moderator.discardSession(desk.room), "a new session");
  await desk.start();
  const answer = await desk.command("!tyr rooms");
  await desk.story.stop();

  const now = desk.story.clock.now();
  expect(before.length).toBeGreaterThan(0);
  expect(answer).toMatch(/^✅/);
  expect(keysIn(folder).filter((cameAt) => cameAt < now - 30 * day)).toEqual([]);
  expect(keysIn(folder).length).toBeGreaterThan(0);
});
