// What an encrypted management room is burdened with: people with many devices, moderators who talk, messages of nonsense.

import { setTimeout as pause } from "node:timers/promises";
import { inTurns } from "../test/support/in-turns.ts";
import { keysToUpload } from "../test/support/encryption/listed-devices.ts";
import type { EncryptedScene } from "../test/support/other-clients/encrypted-scene.ts";
import { TestClient } from "../test/support/synapse/client.ts";
import type { Synapse } from "../test/support/synapse/synapse.ts";

export interface Load {
  readonly end: () => Promise<void>;
}

/** People come into the management room with devices that nobody hears: what is said is given a key for each. */
export async function comeWithDevices(
  synapse: Synapse,
  it: EncryptedScene,
  { people, each }: { readonly people: number; readonly each: number },
): Promise<void> {
  const name = Math.random().toString(36).slice(2, 8);
  const devices = Array.from({ length: each }, (_, i) => `READER${i}`);
  for (let i = 0; i < people; i++) {
    const user = await synapse.registerUser(`reader-${i}-${name}`);
    await it.client.invite(it.managementRoom, user.userId);
    const first = new TestClient(synapse.url, user.accessToken);
    await first.join(it.managementRoom);
    await inTurns(devices, async (device) => {
      const login = await first.request("POST", "/login", {
        type: "m.login.password",
        identifier: { type: "m.id.user", user: user.userId },
        password: user.password,
        device_id: device,
      });
      const client = new TestClient(synapse.url, String(login["access_token"]));
      await client.request("POST", "/keys/upload", keysToUpload(user.userId, device));
    });
  }
}

/** Commands are said, one after the other. */
export function keepTalking(it: EncryptedScene): Load {
  return untilEnded(async () => {
    await it.client.say(it.managementRoom, "!tyr rooms");
    await pause(100);
  });
}

/** Messages to Tyr's device that look encrypted, and are not: each is looked at and thrown away. */
export function sendNonsense(synapse: Synapse, it: EncryptedScene): Load {
  const client = new TestClient(synapse.url, it.client.own.token);
  let count = 0;
  return untilEnded(async () => {
    count += 1;
    const content = {
      algorithm: "m.olm.v1.curve25519-aes-sha2",
      sender_key: it.client.own.ed25519,
      ciphertext: { nobody: { type: count % 2, body: `nonsense ${count}` } },
    };
    await client.request("PUT", `/sendToDevice/m.room.encrypted/nonsense-${count}-${Date.now()}`, {
      messages: { [it.bot.userId]: { "*": content } },
    });
  });
}

function untilEnded(once: () => Promise<void>): Load {
  const over = new AbortController();
  const work = async () => {
    while (!over.signal.aborted) await once();
  };
  const ended = work();
  return {
    end: async () => {
      over.abort();
      await ended;
    },
  };
}
