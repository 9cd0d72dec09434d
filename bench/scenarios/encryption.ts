// What an encrypted management room costs, on a real Synapse with matrix-nio as the moderator's client: memory, starts, how
// soon a command is answered in a room of 30 devices, and how soon a ban is seen while the engine has its hands full. Beside
// each the same with a room in clear.

import { setTimeout as pause } from "node:timers/promises";
import { DeviceId, initAsync, OlmMachine, RequestType, UserId } from "@matrix-org/matrix-sdk-crypto-wasm";
import { type EncryptedScene, setEncryptedScene } from "../../test/support/other-clients/encrypted-scene.ts";
import { TestClient } from "../../test/support/synapse/client.ts";
import { unasked } from "../../test/support/synapse/scene.ts";
import { startSynapse, type Synapse } from "../../test/support/synapse/synapse.ts";
import { measuredRoot, samples } from "../measured.ts";
import { arrivals, bansOf, quiet, Runs, show } from "../support.ts";

const rooms = 20;
/** Beside the moderator who writes. */
const people = 4;
const devicesEach = 7;
const nonsense = 2_000;
const starts = samples(5);
const answers = samples(20);
const bans = samples(8);

export async function encryption(): Promise<void> {
  const synapse = await startSynapse();
  try {
    const clear = await measure(synapse, { isEncrypted: false });
    const encrypted = await measure(synapse, { isEncrypted: true });
    const devices = people * devicesEach + 1;
    show(
      `encryption: ${rooms} protected rooms in clear, the management room in clear and then encrypted, with ${devices} devices of others`,
      rows.flatMap(([what, name, unit]) => [
        { what: `${what}; in clear`, unit, measured: clear.of(name) },
        { what: "  encrypted", unit, measured: encrypted.of(name) },
      ]),
    );
  } finally {
    await synapse.stop();
  }
}

const rows = [
  ["first start, until it watches", "first", "ms"],
  ["restart, until it watches", "again", "ms"],
  ["resident memory after the start", "memory", "MB"],
  ["resident memory after everything", "memoryAfter", "MB"],
  ["answer to a command", "answer", "ms"],
  ["last of 20 bans by a rule", "ban", "ms"],
  [
    `the same while commands are said and ${nonsense.toLocaleString("en")} messages of nonsense come`,
    "banBeside",
    "ms",
  ],
] as const;

async function measure(synapse: Synapse, { isEncrypted }: { readonly isEncrypted: boolean }): Promise<Runs> {
  const runs = new Runs();
  const it = await setEncryptedScene(synapse, { rooms, inClear: !isEncrypted });
  const settings = { ...it.byPassword, ...unasked };
  try {
    for (let run = 0; run < starts; run++) {
      const begun = performance.now();
      await it.start(settings, { from: "dist", root: measuredRoot });
      runs.add({ [run === 0 ? "first" : "again"]: performance.now() - begun });
      await quiet(it.scene.moderator, 1_000);
      if (run < starts - 1) await it.tyr.stop();
    }
    if (isEncrypted) await comeWithDevices(synapse, it);
    // The key of the room reaches all devices with the first answer.
    await it.answer("!tyr rooms");
    runs.add({ memory: await it.tyr.residentMemoryMb() });
    for (let run = 0; run < answers; run++) {
      const begun = performance.now();
      await it.answer("!tyr rooms");
      runs.add({ answer: performance.now() - begun });
    }
    for (let run = 0; run < bans; run++) runs.add({ ban: await ban(it, `alone-${run}`) });
    const load = isEncrypted ? [keepTalking(it), sendNonsense(synapse, it)] : [keepTalking(it)];
    for (let run = 0; run < bans; run++) runs.add({ banBeside: await ban(it, `beside-${run}`) });
    for (const one of load) one.stop();
    await Promise.all(load.map(({ ended }) => ended));
    await it.answer("!tyr rooms");
    runs.add({ memoryAfter: await it.tyr.residentMemoryMb() });
    return runs;
  } finally {
    await it.close();
  }
}

/** People with devices that have keys, and that nobody hears: what is sent to them is sealed for each. */
async function comeWithDevices(synapse: Synapse, it: EncryptedScene): Promise<void> {
  await initAsync();
  for (let i = 0; i < people; i++) {
    const user = await synapse.registerUser(`reader-${i}-${Math.random().toString(36).slice(2, 8)}`);
    await it.client.invite(it.managementRoom, user.userId);
    await new TestClient(synapse.url, user.accessToken).join(it.managementRoom);
    for (let device = 0; device < devicesEach; device++) {
      const login = await post(synapse, "login", undefined, {
        type: "m.login.password",
        identifier: { type: "m.id.user", user: user.userId },
        password: user.password,
        device_id: `READER${device}`,
      });
      const machine = await OlmMachine.initialize(new UserId(user.userId), new DeviceId(`READER${device}`));
      for (const request of await machine.outgoingRequests())
        if (request.type === RequestType.KeysUpload)
          await post(
            synapse,
            "keys/upload",
            String(login["access_token"]),
            JSON.parse(request.body) as unknown,
          );
      machine.close();
    }
  }
  await it.client.untilKnown(it.managementRoom);
}

/** Until the last room has the ban. */
async function ban(it: EncryptedScene, name: string): Promise<number> {
  const { userId } = await it.scene.person(name, it.scene.rooms);
  await quiet(it.scene.moderator, 500);
  const since = performance.now();
  await it.scene.moderator.sendState(it.scene.list, "m.policy.rule.user", name, {
    entity: userId,
    recommendation: "m.ban",
    reason: "bench",
  });
  const seen = await arrivals(it.scene.moderator, { count: rooms, what: "bans", since }, bansOf(userId));
  return seen.at(-1)! - since;
}

interface Load {
  readonly stop: () => void;
  readonly ended: Promise<void>;
}

function keepTalking(it: EncryptedScene): Load {
  const over = new AbortController();
  const talk = async () => {
    while (!over.signal.aborted) {
      await it.client.say(it.managementRoom, "!tyr rooms");
      await pause(100);
    }
  };
  return { stop: () => over.abort(), ended: talk() };
}

/** Messages to Tyr's device that look encrypted, and are not: each is looked at and thrown away. */
function sendNonsense(synapse: Synapse, it: EncryptedScene): Load {
  const over = new AbortController();
  const send = async () => {
    for (let i = 0; i < nonsense && !over.signal.aborted; i++)
      await put(synapse, `sendToDevice/m.room.encrypted/nonsense-${i}-${Date.now()}`, it.client.own.token, {
        messages: {
          [it.bot.userId]: {
            "*": {
              algorithm: "m.olm.v1.curve25519-aes-sha2",
              sender_key: it.client.own.ed25519,
              ciphertext: { nobody: { type: i % 2, body: `nonsense ${i}` } },
            },
          },
        },
      });
  };
  return { stop: () => over.abort(), ended: send() };
}

type Json = Readonly<Record<string, unknown>>;

function post(synapse: Synapse, path: string, token: string | undefined, body: unknown): Promise<Json> {
  return request(synapse, "POST", path, token, body);
}

function put(synapse: Synapse, path: string, token: string, body: unknown): Promise<Json> {
  return request(synapse, "PUT", path, token, body);
}

async function request(
  synapse: Synapse,
  method: "POST" | "PUT",
  path: string,
  token: string | undefined,
  body: unknown,
): Promise<Json> {
  const answer = await fetch(`${synapse.url}/_matrix/client/v3/${path}`, {
    method,
    headers: {
      "content-type": "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Json;
}
