// Our side of encryption without the rest of Tyr: an engine on its own store, against the scripted homeserver.

import { openOlmEngine } from "../../src/matrix/crypto/olm-engine.ts";
import { type IdentitySource, readyIdentity } from "../../src/matrix/crypto/identity.ts";
import { lookAtDevice } from "../../src/matrix/crypto/device.ts";
import { OutgoingRequests } from "../../src/matrix/crypto/outgoing-requests.ts";
import { RestClient } from "../../src/matrix/http/client.ts";
import { Transport } from "../../src/matrix/http/transport.ts";
import type { UserId } from "../../src/model/ids.ts";
import type { Indexed } from "../../src/store/indexed.ts";
import type { Homeserver, NewUser } from "../homeserver/homeserver.ts";
import { FakeClock } from "./fake-clock.ts";
import { sendTo } from "./send.ts";

export interface Started {
  /** Why encryption is off; undefined where our device is signed. */
  readonly why: string | undefined;
  readonly state: Awaited<ReturnType<typeof lookAtDevice>>;
}

export interface StartOptions {
  readonly homeserver: Homeserver;
  readonly account: NewUser;
  /** Of its keys. */
  readonly store: Indexed;
  readonly source?: Partial<IdentitySource>;
}

/** Opens the engine, looks whose keys the device has, uploads ours if they may be, gets the identity ready, and closes again. */
export async function startIdentity({
  homeserver,
  account,
  store,
  source = {},
}: StartOptions): Promise<Started> {
  const { userId, deviceId: device, accessToken } = account;
  const transport = new Transport({
    send: sendTo(homeserver),
    clock: new FakeClock(),
    random: { next: () => 0.5 },
    limits: { timeoutMs: 1_000, retries: 0 },
  });
  transport.accessToken = accessToken;
  const self = userId as UserId;
  const client = new RestClient(transport, { self });
  store.install();
  const engine = await openOlmEngine({ user: self, device, store });
  try {
    const state = await lookAtDevice({ client, engine, self, device });
    if (state !== "new" && state !== "ours") return { state, why: undefined };
    const outgoing = new OutgoingRequests({ engine, client, refused: () => {} });
    await outgoing.round();
    return {
      state,
      why: await readyIdentity({ client, engine, self, outgoing, source: { ...usual, ...source } }),
    };
  } finally {
    await engine.close();
  }
}

const usual: IdentitySource = {
  recoveryKey: () => undefined,
  keepRecoveryKey: () => {},
  password: undefined,
  newIdentity: false,
  isDryRun: false,
};

/** A file that holds a recovery key, or will. */
export function recoveryFile(content?: string): Pick<IdentitySource, "recoveryKey" | "keepRecoveryKey"> & {
  content: string | undefined;
} {
  const file = {
    content,
    recoveryKey: () => file.content,
    keepRecoveryKey: (key: string) => {
      file.content = key;
    },
  };
  return file;
}
