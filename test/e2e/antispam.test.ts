// A real Synapse with the module synapse-http-antispam asks Tyr, by the block that `tyr setup --antispam` prints: an
// invitation by somebody on a list is refused; and while Tyr is down, has another secret, or none, nothing is.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parse } from "yaml";
import { moduleBlock } from "../../src/cli/setup/antispam.ts";
import { patienceMs } from "../support/patience.ts";
import { RequestFailed, TestClient } from "../support/synapse/client.ts";
import { ask } from "../support/synapse/conversation.ts";
import { freePorts } from "../support/synapse/ports.ts";
import { setScene, unasked, type Scene } from "../support/synapse/scene.ts";
import { startSynapse, type Synapse } from "../support/synapse/synapse.ts";
import { startTyr, type TyrProcess } from "../support/tyr-process.ts";

let synapse: Synapse;
/** Another homeserver, which asks nobody. */
let afar: Synapse;
let scene: Scene;
let tyr: TyrProcess;
let port: number;
let folder: string;
let spammer: { readonly userId: string; readonly client: TestClient };
let guest: { readonly userId: string; readonly client: TestClient };
let room: string;

const secretFile = () => join(folder, "tyr.antispam");
const runTyr = async (
  antispam: Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, unknown>> = {},
) => {
  tyr = await startTyr({
    homeserverUrl: synapse.url,
    accessToken: scene.bot.accessToken,
    settings: { ...scene.settings, ...unasked, web: { port }, antispam, ...more },
    ...(tyr ? { folder: tyr.folder } : {}),
  });
  await tyr.logged("watching");
};
/** "yes", or the code and words of the refusal. */
async function outcome(request: Promise<unknown>): Promise<string> {
  try {
    await request;
    return "yes";
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    return `${error.errcode}: ${String(error.body["error"])}`;
  }
}
/** A new account each time: who is invited already cannot be told from who was refused. */
let invited = 0;
async function invites(by: TestClient, where: string): Promise<string> {
  const { userId } = await scene.person(`invited-${invited++}`, []);
  return outcome(by.invite(where, userId));
}

beforeAll(async () => {
  [port] = await freePorts("127.0.0.1", 1);
  folder = await mkdtemp(join(tmpdir(), "tyr-antispam-"));
  await writeFile(secretFile(), "s3cret\n");
  const block = moduleBlock(secretFile()).replace(/127\.0\.0\.1:\d+/, `127.0.0.1:${port}`);
  [synapse, afar] = await Promise.all([
    startSynapse({ federation: true, config: parse(block) as Record<string, unknown> }),
    startSynapse({ federation: true, bindAddress: "127.0.0.2" }),
  ]);
  scene = await setScene(synapse, { rooms: 1 });
  spammer = await scene.person("spammer", []);
  guest = await scene.person("guest", []);
  room = await spammer.client.createRoom({ preset: "private_chat" });
}, patienceMs);

afterAll(async () => {
  await tyr?.stop();
  scene?.close();
  await tyr?.remove();
  await Promise.all([synapse?.stop(), afar?.stop()]);
  await rm(folder, { recursive: true, force: true });
});

describe("asked by a real Synapse", () => {
  test(
    "before there is a Tyr everything is allowed",
    async () => {
      expect(await invites(spammer.client, room)).toBe("yes");
    },
    patienceMs,
  );

  test(
    "an invitation and a join of somebody on a list are refused, everybody else's are not",
    async () => {
      await runTyr({ secretFile: secretFile() });
      expect(await invites(spammer.client, room)).toBe("yes");

      const { mark } = await ask(scene, `!tyr ban ${spammer.userId} coc invites strangers`);

      expect(mark).toBe("✅");
      const refused = "M_FORBIDDEN: Not allowed by the server's rules";
      expect(await invites(spammer.client, room)).toBe(refused);
      expect(await outcome(spammer.client.join(scene.rooms[0]!))).toBe(refused);
      const own = await guest.client.createRoom({ preset: "private_chat" });
      expect(await invites(guest.client, own)).toBe("yes");
      expect(await outcome(guest.client.join(scene.rooms[0]!))).toBe("yes");
    },
    patienceMs,
  );

  test(
    "the module says that it has reached Tyr",
    async () => {
      const isReached = async () =>
        (await readFile(synapse.logFile, "utf8")).includes("Successfully pinged antispam server");
      // It tries every five seconds.
      while (!(await isReached())) await pause(200);
      expect(tyr.output()).not.toContain("another secret");
    },
    patienceMs,
  );

  test(
    "people of another homeserver are refused as well, by themselves and by their server",
    async () => {
      const user = await afar.registerUser("spammer");
      const other = new TestClient(afar.url, user.accessToken);
      const theirs = await other.createRoom({ preset: "private_chat" });
      expect(await invites(other, theirs)).toBe("yes");

      await ask(scene, `!tyr ban ${user.userId} coc invites strangers`);
      expect(await invites(other, theirs)).toMatch(/^M_/);
      await ask(scene, `!tyr unban ${user.userId}`);
      expect(await invites(other, theirs)).toBe("yes");
      await ask(scene, `!tyr ban ${afar.serverName} coc a server of spammers`);
      expect(await invites(other, theirs)).toMatch(/^M_/);
    },
    patienceMs,
  );

  test(
    "an exemption ends that at once",
    async () => {
      await ask(scene, `!tyr exempt add ${spammer.userId}`);
      expect(await invites(spammer.client, room)).toBe("yes");
      await ask(scene, `!tyr exempt remove ${spammer.userId}`);
      expect(await invites(spammer.client, room)).toMatch(/^M_FORBIDDEN/);
    },
    patienceMs,
  );

  test(
    "an answer takes less than five milliseconds, the way there and back included",
    async () => {
      const took: number[] = [];
      for (let i = 0; i < 200; i++) {
        const begunAt = performance.now();
        const response = await fetch(`http://127.0.0.1:${port}/antispam/v1/user_may_invite`, {
          method: "POST",
          headers: { authorization: "Bearer s3cret" },
          body: JSON.stringify({ inviter: spammer.userId, invitee: guest.userId, room_id: room }),
        });
        await response.arrayBuffer();
        expect(response.status).toBe(403);
        took.push(performance.now() - begunAt);
      }
      const half = took.sort((a, b) => a - b)[100]!;
      expect(half).toBeLessThan(5);
    },
    patienceMs,
  );

  test(
    "while Tyr is dead nothing is refused, and as soon as it watches again it is",
    async () => {
      await tyr.kill();
      expect(await invites(spammer.client, room)).toBe("yes");

      await runTyr({ secretFile: secretFile() });
      expect(await invites(spammer.client, room)).toMatch(/^M_FORBIDDEN/);
    },
    patienceMs,
  );

  test.each<[string, Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>]>([
    ["another secret", { secret: "another" }, {}],
    ["no secret any more", {}, {}],
    ["a dry run", { secret: "s3cret" }, { dryRun: true }],
  ])(
    "with %s nothing is refused",
    async (_what, antispam, more) => {
      await tyr.stop();
      await runTyr(antispam, more);

      expect(await invites(spammer.client, room)).toBe("yes");
    },
    patienceMs,
  );
});
