// The engine of encryption itself on `store/indexed.ts`: its keys are there after a restart, and a full disk fails calls of it and
// nothing else.

import { afterEach, expect, test } from "@jest/globals";
import {
  DecryptionSettings,
  DeviceId,
  DeviceLists,
  EncryptionSettings,
  initAsync,
  OlmMachine,
  RequestType,
  RoomId,
  StoreHandle,
  TrustRequirement,
  UserId,
} from "@matrix-org/matrix-sdk-crypto-wasm";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { KeyRange } from "../../src/store/indexed/keys.ts";
import { type Indexed, indexedOn, openIndexed } from "../../src/store/indexed.ts";
import { schema } from "../../src/store/indexed/tables.ts";
import { aFolder } from "../support/folder.ts";

const room = "!room:test";

interface Device {
  readonly user: string;
  readonly id: string;
  readonly olm: OlmMachine;
  readonly indexed: Indexed;
}

const open: Device[] = [];
afterEach(() => open.splice(0).forEach(close));

async function device(
  user: string,
  indexed: Indexed,
  { key, id = "DEVICE" }: { key?: Uint8Array; id?: string } = {},
): Promise<Device> {
  await initAsync();
  indexed.install();
  const { storeName } = indexed;
  const store = await (key
    ? StoreHandle.openWithKey(storeName, key)
    : StoreHandle.open(storeName, undefined));
  const olm = await OlmMachine.initFromStore(new UserId(user), new DeviceId(id), store);
  const made = { user, id, olm, indexed };
  open.push(made);
  return made;
}

function close({ olm, indexed }: Device): void {
  olm.close();
  indexed.close();
}

async function uploadKeys({
  olm,
}: Device): Promise<{ device_keys: unknown; one_time_keys: Record<string, unknown> }> {
  const upload = (await olm.outgoingRequests()).find(({ type }) => type === RequestType.KeysUpload)!;
  await olm.markRequestAsSent(upload.id!, upload.type, '{"one_time_key_counts":{"signed_curve25519":50}}');
  return JSON.parse(upload.body) as Awaited<ReturnType<typeof uploadKeys>>;
}

/** As a homeserver would: each learns of the other's keys, and the first gets one to talk to the second. */
async function introduce(first: Device, second: Device): Promise<void> {
  const [ofFirst, ofSecond] = [await uploadKeys(first), await uploadKeys(second)];
  const keys = {
    [first.user]: { [first.id]: ofFirst.device_keys },
    [second.user]: { [second.id]: ofSecond.device_keys },
  };
  for (const { olm } of [first, second]) {
    await olm.updateTrackedUsers([new UserId(first.user), new UserId(second.user)]);
    for (const request of await olm.outgoingRequests())
      if (request.type === RequestType.KeysQuery)
        await olm.markRequestAsSent(
          request.id!,
          request.type,
          JSON.stringify({ device_keys: keys, failures: {} }),
        );
  }
  const claim = (await first.olm.getMissingSessions([new UserId(second.user)]))!;
  const one = Object.fromEntries(Object.entries(ofSecond.one_time_keys).slice(0, 1));
  const claimed = { one_time_keys: { [second.user]: { [second.id]: one } }, failures: {} };
  await first.olm.markRequestAsSent(claim.id, claim.type, JSON.stringify(claimed));
}

async function say(from: Device, to: Device, text: string): Promise<string> {
  const shared = await from.olm.shareRoomKey(
    new RoomId(room),
    [new UserId(to.user)],
    new EncryptionSettings(),
  );
  for (const { id, type, event_type: kind, body } of shared) {
    const { messages } = JSON.parse(body) as { messages: Record<string, Record<string, unknown>> };
    const content = messages[to.user]?.[to.id];
    const events = content ? [{ type: kind, sender: from.user, content }] : [];
    await to.olm.receiveSyncChanges(
      JSON.stringify(events),
      new DeviceLists(),
      new Map([["signed_curve25519", 50]]),
    );
    await from.olm.markRequestAsSent(id, type, "{}");
  }
  const said = JSON.stringify({ msgtype: "m.text", body: text });
  const content = JSON.parse(
    await from.olm.encryptRoomEvent(new RoomId(room), "m.room.message", said),
  ) as unknown;
  return JSON.stringify({
    type: "m.room.encrypted",
    event_id: "$1",
    sender: from.user,
    origin_server_ts: 1,
    room_id: room,
    content,
  });
}

async function read({ olm }: Device, sealed: string): Promise<unknown> {
  const anybody = new DecryptionSettings(TrustRequirement.Untrusted);
  const { event } = await olm.decryptRoomEvent(sealed, new RoomId(room), anybody);
  return (JSON.parse(event) as { content: { body: unknown } }).content.body;
}

const keyOf = ({ olm }: Device) => olm.identityKeys.ed25519.toBase64();

test.each([
  ["in clear", {}],
  ["encrypted with a key of ours", { key: new Uint8Array(32).fill(7) }],
])("two devices talk, and after a restart they have the same keys and talk on: %s", async (_, how) => {
  const folder = aFolder();
  const files = [join(folder, "alice.db"), join(folder, "bob.db")] as const;
  const [alice, bob] = [
    await device("@alice:test", openIndexed(files[0]), how),
    await device("@bob:test", openIndexed(files[1]), how),
  ];
  await introduce(alice, bob);
  const before = await say(alice, bob, "before");
  expect(await read(bob, before)).toBe("before");
  const keys = [keyOf(alice), keyOf(bob)];
  open.splice(0).forEach(close);

  const [again, bobAgain] = [
    await device("@alice:test", openIndexed(files[0]), how),
    await device("@bob:test", openIndexed(files[1]), how),
  ];

  expect([keyOf(again), keyOf(bobAgain)]).toEqual(keys);
  expect(await read(bobAgain, before)).toBe("before");
  expect(await read(bobAgain, await say(again, bobAgain, "after"))).toBe("after");
});

test("the file of another device, or a wrong key to it, is refused, and stays as it is", async () => {
  const file = join(aFolder(), "crypto.db");
  const key = new Uint8Array(32).fill(7);
  const alice = await device("@alice:test", openIndexed(file), { key });
  const fingerprint = keyOf(alice);
  open.splice(0).forEach(close);

  const other = openIndexed(file);
  await expect(device("@alice:test", other, { key, id: "OTHER" })).rejects.toThrow(
    "doesn't match the account",
  );
  await expect(device("@alice:test", other, { key: new Uint8Array(32) })).rejects.toThrow("decrypted");
  other.close();

  expect(keyOf(await device("@alice:test", openIndexed(file), { key }))).toBe(fingerprint);
});

test("a full disk fails the call with the reason, and nothing else: afterwards all goes on", async () => {
  const sqlite = new DatabaseSync(join(aFolder(), "bob.db"));
  sqlite.exec(`PRAGMA journal_mode = WAL; ${schema}`);
  const bob = await device("@bob:test", indexedOn(sqlite));
  const alice = await device("@alice:test", openIndexed(":memory:"));
  await introduce(alice, bob);
  const [first, second] = [await say(alice, bob, "first"), await say(alice, bob, "second")];
  const many = Array.from(
    { length: 200 },
    (_, at) => new UserId(`@somebody-with-a-long-name-${at}:test.example`),
  );

  sqlite.exec("PRAGMA max_page_count = 1");
  await expect(bob.olm.updateTrackedUsers(many)).rejects.toThrow("the disk is full");
  const meanwhile = await read(bob, first);
  sqlite.exec("PRAGMA max_page_count = 100000");

  expect(meanwhile).toBe("first");
  expect(await read(bob, second)).toBe("second");
  expect(await read(bob, await say(alice, bob, "third"))).toBe("third");
  await bob.olm.updateTrackedUsers([new UserId("@another:test")]);
});

test("room sessions that came before a time can be deleted behind its back: only what they open stays closed", async () => {
  let now = 1_000;
  const sqlite = new DatabaseSync(":memory:");
  sqlite.exec(schema);
  const bob = await device("@bob:test", indexedOn(sqlite, { now: () => now }));
  const alice = await device("@alice:test", openIndexed(":memory:"));
  await introduce(alice, bob);
  const old = await say(alice, bob, "old");
  now = 2_000;
  await alice.olm.invalidateGroupSession(new RoomId(room));
  const recent = await say(alice, bob, "recent");

  const deleted = await bob.indexed.deleteOlder({
    base: "matrix-sdk-crypto",
    store: "inbound_group_sessions3",
    // The engine's keys are room and session, with this sign between them.
    range: KeyRange.bound(`${room}\x1d`, `${room}\x1e`, false, true),
    madeBefore: 1_500,
  });

  expect(deleted).toBe(1);
  await expect(read(bob, old)).rejects.toMatchObject({ description: expect.stringContaining("room key") });
  expect(await read(bob, recent)).toBe("recent");
  expect(await read(bob, await say(alice, bob, "after"))).toBe("after");
});
