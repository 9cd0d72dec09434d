// `tyr takeover --dry-run` against a scripted homeserver: what it shows, and that it only looks.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "../../src/store/database.ts";
import { Snapshot } from "../../src/store/snapshot.ts";
import type { Send } from "../../src/matrix/http/transport.ts";
import { takeoverCommand } from "../../src/cli/takeover.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { Homeserver, type NewUser } from "../homeserver/homeserver.ts";

let folder: string;
let clock: FakeClock;
let homeserver: Homeserver;
let bot: NewUser;
let mod: string;
let managementRoom: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tyr-dry-"));
  clock = new FakeClock();
  homeserver = new Homeserver({ clock });
  bot = homeserver.createUser("tyr");
  mod = homeserver.createUser("mod").userId;
  managementRoom = aRoom("Management");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function aRoom(name: string, creationContent = {}): string {
  const room = homeserver.createRoom({ creator: mod, name, creationContent, invite: [bot.userId] });
  homeserver.join(room, bot.userId);
  return room;
}

const send: Send = async ({ method, path, query, headers, body, signal }) => {
  const answer = await homeserver.handle({
    method,
    path,
    query: Object.fromEntries(
      Object.entries(query).map(([name, value]) => [name, typeof value === "string" ? value : [...value]]),
    ),
    headers,
    body,
    ...(signal ? { signal } : {}),
  });
  return { ...answer, body: structuredClone(answer.body) };
};

async function dryRun(
  settings: Readonly<Record<string, unknown>> = {},
  { argv = ["takeover", "--dry-run"], through = send } = {},
) {
  const config = {
    homeserver: { url: "http://hs.test", accessToken: bot.accessToken },
    managementRoom,
    dataPath: join(folder, "data"),
    ...settings,
  };
  const ending = takeoverCommand({
    input: { argv: [...argv, "--config", "tyr.yaml"], env: {}, readFile: () => JSON.stringify(config) },
    clock,
    random: { next: () => 0.5 },
    connect: () => ({ send: through, close: () => Promise.resolve() }),
  });
  return clock.runUntil(ending, { what: "the dry run" });
}
const keep = (type: string, content: Record<string, unknown>) =>
  homeserver.setAccountData(bot.userId, type, content);
const rooms = "org.matrix.mjolnir.protected_rooms";
const lists = "org.matrix.mjolnir.watched_lists";

test("shows what a first start would take over, and asks with GET alone", async () => {
  const [room, space] = [aRoom("Room"), aRoom("Space", { type: "m.space" })];
  keep(rooms, { rooms: [room, space, "!else:where", "nonsense"] });
  keep(lists, { references: ["https://matrix.to/#/#gone:hs.test"] });
  homeserver.clearRequests();

  const ending = await dryRun();

  expect(ending).toMatchObject({
    kind: "done",
    text: expect.stringContaining("Taken over from a Mjolnir's account data: 2 rooms and 0 lists"),
  });
  for (const line of [
    "A first start would say this. Nothing was changed.",
    `• ${room}`,
    "• !else:where: I am not in it, and would try to join",
    `• ${space} is a space. It was protected without its rooms`,
    "• #gone:hs.test leads nowhere",
    "• nonsense among the protected rooms",
  ])
    expect(ending).toMatchObject({ text: expect.stringContaining(line) });
  expect(homeserver.requests.filter((request) => request.method !== "GET")).toEqual([]);
});

describe("an encrypted management room", () => {
  const algorithm = "m.megolm.v1.aes-sha2";
  const encrypted = () => homeserver.setState(managementRoom, mod, "m.room.encryption", "", { algorithm });
  /** What the homeserver tells of our account's keys. */
  const telling = (keys: Readonly<Record<string, unknown>>) => ({
    through: ((request) =>
      request.path.endsWith("/keys/query")
        ? Promise.resolve({ status: 200, headers: {}, body: keys })
        : send(request)) satisfies Send,
  });
  const textOf = (ending: Awaited<ReturnType<typeof dryRun>>) => ("text" in ending ? ending.text : "");

  test("is read with keys of Tyr's own, and nothing is written to say so", async () => {
    encrypted();
    homeserver.clearRequests();

    const text = textOf(await dryRun());

    expect(text).toContain("The management room is encrypted. Tyr reads it with keys of its own:");
    expect(text).toContain("stays closed to it");
    expect(text).toContain("that its owner has verified");
    expect(text).not.toContain("Another program");
    const posted = homeserver.requests.filter(({ method }) => method !== "GET").map(({ path }) => path);
    expect(posted).toEqual(["/_matrix/client/v3/keys/query"]);
  });

  test("of a bot that encrypts with this token needs another login, and the recovery key of an identity", async () => {
    encrypted();
    const [device, key] = [bot.deviceId, "c29tZWJvZHk"];
    const through = telling({
      device_keys: { [bot.userId]: { [device]: { keys: { [`ed25519:${device}`]: key } } } },
      master_keys: { [bot.userId]: { keys: { "ed25519:abc": "abc" } } },
    });

    const text = textOf(await dryRun({}, through));

    expect(text).toContain("• Another program encrypts with this access token");
    expect(text).toContain("• The account has an identity, made in another client");
  });

  test("is not spoken of where there is none, or nothing can be known", async () => {
    expect(textOf(await dryRun())).not.toContain("encrypt");
  });
});

test("reads a Meowlnir's state from the management room, also by its alias", async () => {
  homeserver.setAlias("#mods:hs.test", managementRoom);
  homeserver.setState(managementRoom, mod, "fi.mau.meowlnir.protected_rooms", "", { rooms: ["!a:x"] });

  expect(await dryRun({ managementRoom: "#mods:hs.test" })).toMatchObject({
    text: expect.stringContaining("Taken over from a Meowlnir's state in the management room: 1 room"),
  });
});

test("says so where nothing is found, and where the management room cannot be read", async () => {
  const foreign = homeserver.createRoom({ creator: mod, name: "Foreign" });

  const ending = await dryRun({ managementRoom: foreign });

  expect(ending).toMatchObject({
    kind: "done",
    text: expect.stringContaining("Nothing of a Mjolnir, Draupnir or Meowlnir"),
  });
  expect(ending).toMatchObject({
    text: expect.stringContaining(`I may not read what other bots keep in the state of ${foreign}`),
  });
});

test("uses the token that the data folder keeps, and says that a start takes nothing over any more", async () => {
  const db = openDatabase(join(folder, "data"));
  new Snapshot(db).keep("accessToken", bot.accessToken);
  new Snapshot(db).keep("settled", "yes");
  const login = { url: "http://hs.test", user: bot.userId, password: "secret" };

  // The folder is in use: somebody's Tyr runs.
  const ending = await dryRun({ homeserver: login });
  db.close();

  expect(ending).toMatchObject({
    kind: "done",
    text: expect.stringContaining("has started with the data folder"),
  });
});

test("does not log in by password", async () => {
  const login = { url: "http://hs.test", user: bot.userId, password: "secret" };

  expect(await dryRun({ homeserver: login })).toMatchObject({
    kind: "refused",
    because: "other",
    text: expect.stringContaining("A dry run does not log in by password"),
  });
});

test("tells a token that is not accepted from a homeserver that does not answer", async () => {
  const stale = { url: "http://hs.test", accessToken: "stale" };

  expect(await dryRun({ homeserver: stale })).toMatchObject({ kind: "refused", because: "token" });
  expect(
    await dryRun(
      {},
      { through: () => Promise.reject(Object.assign(new Error("no"), { code: "ECONNREFUSED" })) },
    ),
  ).toMatchObject({
    kind: "refused",
    because: "other",
    text: expect.stringMatching(/^http:\/\/hs\.test could not be asked: /),
  });
});

test("needs the flag, and a config that is right", async () => {
  expect(await dryRun({}, { argv: ["takeover"] })).toMatchObject({
    kind: "refused",
    because: "asked",
    text: expect.stringContaining("tyr takeover --dry-run --config FILE"),
  });
  expect(await dryRun({ managementRoom: "mods" })).toMatchObject({ kind: "refused", because: "asked" });
  expect(await dryRun({}, { argv: ["takeover", "now", "--dry-run"] })).toMatchObject({
    text: expect.stringContaining("a word on the command line that belongs to no flag"),
  });
});
