// What happens to an encrypted management room when Tyr is killed, away, or loses its keys. E2E_KILLS says how often it
// is killed (10), E2E_SEED at which moments.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { copyFile, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fingerprintBySignatures } from "../support/other-clients/cross-signing.ts";
import {
  type EncryptedScene,
  type Person,
  relation,
  setEncryptedScene,
  textOf,
} from "../support/other-clients/encrypted-scene.ts";
import type { OtherClient } from "../support/other-clients/other-client.ts";
import { patienceMs } from "../support/patience.ts";
import { seeded, seedFrom } from "../support/seeded.ts";
import { TestClient } from "../support/synapse/client.ts";
import { type Synapse, startSynapse } from "../support/synapse/synapse.ts";

const kills = Number(process.env.E2E_KILLS ?? 10);
const seed = seedFrom("E2E_SEED");
const chance = seeded(seed);
const longestBeforeKillMs = 400;

let synapse: Synapse;
beforeAll(async () => {
  synapse = await startSynapse();
});
afterAll(() => synapse?.stop());

describe("with a login of its own", () => {
  let it: EncryptedScene;
  let other: Person;
  /** Clients that have been there all the time. */
  let witnesses: readonly OtherClient[];

  beforeAll(async () => {
    it = await setEncryptedScene(synapse, { rooms: 1 });
    await it.start(it.byPassword);
    await it.heard(/^Tyr is watching/);
    other = await it.come("other");
    await it.client.invite(it.managementRoom, other.user.userId);
    await other.client.join(it.managementRoom);
    await it.answer("!tyr status", other.client);
    witnesses = [it.client, other.client];
  });
  afterAll(() => it?.close());

  /** What Tyr said in a test can be read by everybody who was there. */
  let before: ReadonlySet<string>;
  beforeEach(() => {
    // One of them may have heard what the other has not yet.
    before = new Set(witnesses.flatMap((client) => it.said(client)).map(({ event }) => event));
  });
  function expectAllRead(): void {
    for (const client of witnesses) {
      const since = it.said(client).filter(({ event }) => !before.has(event));
      expect(since.filter(({ sealed }) => sealed !== "opened")).toEqual([]);
    }
  }

  const start = () => it.start(it.byPassword);
  const keyFiles = async (): Promise<readonly string[]> => {
    const files = await readdir(join(it.tyr.folder, "data"));
    return files.filter((name) => /^crypto\.db(-wal|-shm)?$/.test(name));
  };
  const device = async () => {
    const devices = (await it.client.devices(it.bot.userId)).map((one) => one.device);
    return devices.filter((one) => one !== it.bot.deviceId);
  };

  /** How many different one-time keys of the device there were to claim. */
  async function claimedUntilOneComesTwice(ours: string): Promise<number> {
    const claimer = new TestClient(synapse.url, other.client.own.token);
    const claim = { one_time_keys: { [it.bot.userId]: { [ours]: "signed_curve25519" } } };
    const seen = new Set<string>();
    for (;;) {
      const { one_time_keys: claimed } = await claimer.request("POST", "/keys/claim", claim);
      const keys = (claimed as Record<string, Record<string, object>>)[it.bot.userId]?.[ours];
      if (keys === undefined) throw new Error(`no key is left after ${seen.size}`);
      const [key] = Object.keys(keys);
      if (seen.has(key!)) return seen.size;
      seen.add(key!);
    }
  }

  test("stopped and started it is the same device, and tells what it did not do meanwhile", async () => {
    const before = await device();
    await it.tyr.stop();
    await it.client.say(it.managementRoom, "!tyr status");

    await start();

    await it.heard(/I did not run 1 command typed while I was away/);
    await it.answer("!tyr status");
    expect(await device()).toEqual(before);
    expectAllRead();
  });

  test(
    `killed ${kills} times while two clients talk (E2E_SEED=${seed}), all that it says can be read, and nothing is done twice`,
    async () => {
      const commands: string[] = [];
      for (let i = 0; i < kills; i++) {
        const talking = witnesses.map(async (client) => {
          await client.say(it.managementRoom, `some words ${i}`);
          commands.push(await client.say(it.managementRoom, "!tyr rooms"));
        });
        await pause(chance() * longestBeforeKillMs);
        await it.tyr.kill();
        await Promise.all(talking);
        await start();
      }

      for (const client of witnesses) await it.answer("!tyr status", client);
      for (const command of commands) {
        const answers = it.said().filter((heard) => relation(heard)["m.in_reply_to"]?.event_id === command);
        expect(answers.length).toBeLessThanOrEqual(1);
      }
      expectAllRead();
    },
    5 * patienceMs,
  );

  test("after more words than a sync tells, and a device that came meanwhile, it goes on", async () => {
    await it.tyr.stop();
    for (let i = 0; i < 30; i++)
      await Promise.all(witnesses.map((client) => client.say(it.managementRoom, `chatter ${i}`)));
    const phone = await it.newDevice(it.moderator);
    await it.moderator.sign(phone.own.device);

    await start();

    await phone.opened((await it.answer("!tyr status", phone)).event);
    expectAllRead();
  });

  test("when all of its one-time keys were used while it was away, a new device still gets through", async () => {
    await it.tyr.stop();
    const [ours] = await device();
    // The last one is given out again and again.
    expect(await claimedUntilOneComesTwice(ours!)).toBeGreaterThan(10);
    const phone = await it.newDevice(it.moderator);
    await it.moderator.sign(phone.own.device);
    await phone.say(it.managementRoom, "hello");

    await start();

    await phone.opened((await it.answer("!tyr status", phone)).event);
    expectAllRead();
  });

  test("with an older copy of its keys it is read again as soon as clients have said that they cannot", async () => {
    const copy = join(it.tyr.folder, "copy");
    await mkdir(copy);
    await it.tyr.stop();
    for (const name of await keyFiles()) await copyFile(join(it.tyr.folder, "data", name), join(copy, name));
    await start();
    await it.answer("!tyr status");
    await it.tyr.stop();
    for (const name of await keyFiles()) await rm(join(it.tyr.folder, "data", name));
    for (const name of await readdir(copy))
      await copyFile(join(copy, name), join(it.tyr.folder, "data", name));

    await start();

    for (const client of witnesses) expect(await closedUntilRead(client)).toBeLessThanOrEqual(2);
  });

  /** Asks until the answer can be read; gives how many of them could not. */
  async function closedUntilRead(client: OtherClient): Promise<number> {
    for (let closed = 0; ; closed++) {
      const command = await client.say(it.managementRoom, "!tyr status");
      const answer = await client.until(
        (heard) =>
          heard.type !== "m.reaction" &&
          heard.sender === it.bot.userId &&
          relation(heard)["m.in_reply_to"]?.event_id === command,
        "an answer, read or not",
      );
      if (answer.sealed === "opened") return closed;
    }
  }

  test("without its keys it logs in anew, and its new device is signed by the same identity", async () => {
    const before = await device();
    await it.tyr.stop();
    for (const name of await keyFiles()) await rm(join(it.tyr.folder, "data", name));

    await start();

    expect((await it.answer("!tyr status")).sealed).toBe("opened");
    const fresh = (await device()).filter((one) => !before.includes(one));
    expect(fresh).toHaveLength(1);
    expect(await fingerprintBySignatures(it.scene.moderator, it.bot.userId, fresh[0]!)).toMatch(
      /^[\w+/]{43}$/,
    );
    expectAllRead();
  });
});

describe("with the token of a device on which another program encrypts", () => {
  let it: EncryptedScene;

  beforeAll(async () => {
    it = await setEncryptedScene(synapse, { rooms: 1 });
    const elsewhere = await it.newDevice({ ...it.moderator, user: it.bot });
    await it.start({ homeserver: { url: synapse.url, accessToken: elsewhere.own.token } });
  });
  afterAll(() => it?.close());

  test("Tyr says in clear that it cannot encrypt, why, and what helps", async () => {
    const said = await it.heard(/nor encrypt what I say/);

    expect(said.sealed).toBe("no");
    expect(textOf(said)).toContain("Another program encrypts with this access token");
    expect(textOf(said)).toContain("password");
  });

  test("and is no worse off for what moderators do by other means", async () => {
    const { userId } = await it.scene.person("rude", it.scene.rooms);
    await it.scene.moderator.sendState(it.scene.list, "m.policy.rule.user", "rude", {
      entity: userId,
      recommendation: "m.ban",
      reason: "rude",
    });

    const { event } = await it.scene.moderator.until(
      (one) => one.state_key === userId && one.content.membership === "ban",
      { what: "the ban" },
    );
    expect(event.sender).toBe(it.bot.userId);
  });
});
