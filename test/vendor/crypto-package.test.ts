// The package that stands in for the native crypto bindings: what matrix-bot-sdk relies on, and that keys are
// still there after a restart.

import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";
import {
  DeviceId,
  DeviceLists,
  EncryptionSettings,
  OlmMachine,
  RoomId,
  UserId,
} from "@matrix-org/matrix-sdk-crypto-nodejs";

// The enums of the declarations have no values at run time in isolated modules.
const keysUpload = 0;
const keysQuery = 1;
const keysClaim = 2;
const toDevice = 3;

const run = promisify(execFile);
const room = new RoomId("!room:test");

interface Machine {
  readonly user: string;
  readonly device: string;
  readonly olm: OlmMachine;
}

interface UploadedKeys {
  readonly device_keys: unknown;
  readonly one_time_keys: Readonly<Record<string, unknown>>;
}

test("importing matrix-bot-sdk loads no WebAssembly", async () => {
  const script =
    'const { MatrixClient } = await import("matrix-bot-sdk");' +
    'const { createRequire } = await import("node:module");' +
    "const loaded = Object.keys(createRequire(import.meta.url).cache);" +
    "console.log(typeof MatrixClient, loaded.length > 0, loaded.some((file) => file.includes('crypto-wasm')));";

  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", script]);

  expect(stdout.trim()).toBe("function true false");
});

test("what one machine encrypts, another one decrypts", async () => {
  const alice = await aMachine("@alice:test", "ALICE");
  const bob = await aMachine("@bob:test", "BOB");
  await introduce(alice, bob);

  const encrypted = await encryptFor(alice, bob, "hello");

  expect(await decrypt(bob, alice, encrypted)).toBe("hello");
});

test("a killed process finds its keys again", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tyr-crypto-"));
  const script =
    'import { DeviceId, OlmMachine, UserId } from "@matrix-org/matrix-sdk-crypto-nodejs";' +
    'const machine = await OlmMachine.initialize(new UserId("@a:test"), new DeviceId("A"), process.argv[1]);' +
    "const key = machine.identityKeys.ed25519.toBase64();" +
    'process.stdout.write(key, () => process.kill(process.pid, "SIGKILL"));';
  const runAndDie = async (): Promise<string> =>
    run(process.execPath, ["--input-type=module", "--eval", script, folder]).then(
      () => "did not die",
      (error: { stdout: string }) => error.stdout,
    );

  try {
    const before = await runAndDie();
    const after = await runAndDie();

    expect(before).toMatch(/^[\w+/]{43}$/);
    expect(after).toBe(before);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

async function aMachine(user: string, device: string): Promise<Machine> {
  return { user, device, olm: await OlmMachine.initialize(new UserId(user), new DeviceId(device)) };
}

/** Plays the homeserver: hands each one's device keys and a one-time key of the other to the first. */
async function introduce(first: Machine, second: Machine): Promise<void> {
  const ofFirst = await uploadKeys(first);
  const ofSecond = await uploadKeys(second);
  const deviceKeys = {
    [first.user]: { [first.device]: ofFirst.device_keys },
    [second.user]: { [second.device]: ofSecond.device_keys },
  };
  for (const { olm } of [first, second]) {
    await olm.updateTrackedUsers([new UserId(first.user), new UserId(second.user)]);
    for (const request of await olm.outgoingRequests()) {
      if ((request.type as number) !== keysQuery) continue;
      await olm.markRequestAsSent(
        request.id,
        request.type,
        JSON.stringify({ device_keys: deviceKeys, failures: {} }),
      );
    }
  }
  const claim = await first.olm.getMissingSessions([new UserId(second.user)]);
  expect(claim?.type).toBe(keysClaim);
  const oneTimeKey = Object.fromEntries(Object.entries(ofSecond.one_time_keys).slice(0, 1));
  const claimed = { one_time_keys: { [second.user]: { [second.device]: oneTimeKey } }, failures: {} };
  await first.olm.markRequestAsSent(claim!.id, claim!.type, JSON.stringify(claimed));
}

async function uploadKeys({ olm }: Machine): Promise<UploadedKeys> {
  const upload = (await olm.outgoingRequests()).find((request) => (request.type as number) === keysUpload);
  await olm.markRequestAsSent(upload!.id, upload!.type, '{"one_time_key_counts":{"signed_curve25519":50}}');
  return JSON.parse(upload!.body) as UploadedKeys;
}

/** Shares the room key from one to the other and encrypts a message with it. */
async function encryptFor(from: Machine, to: Machine, text: string): Promise<string> {
  const requests = await from.olm.shareRoomKey(room, [new UserId(to.user)], new EncryptionSettings());
  for (const request of requests) {
    expect(request.type).toBe(toDevice);
    const { messages } = JSON.parse(request.body) as { messages: Record<string, Record<string, unknown>> };
    const event = { sender: from.user, type: request.eventType, content: messages[to.user]?.[to.device] };
    await to.olm.receiveSyncChanges(
      JSON.stringify([event]),
      new DeviceLists(),
      { signed_curve25519: 49 },
      [],
    );
    await from.olm.markRequestAsSent(request.txnId!, request.type, "{}");
  }
  return from.olm.encryptRoomEvent(room, "m.room.message", JSON.stringify({ msgtype: "m.text", body: text }));
}

async function decrypt(by: Machine, from: Machine, content: string): Promise<string> {
  const event = {
    type: "m.room.encrypted",
    event_id: "$event",
    room_id: room.toString(),
    sender: from.user,
    origin_server_ts: 1,
    content: JSON.parse(content) as unknown,
  };
  const decrypted = await by.olm.decryptRoomEvent(JSON.stringify(event), room);
  return (JSON.parse(decrypted.event) as { content: { body: string } }).content.body;
}
