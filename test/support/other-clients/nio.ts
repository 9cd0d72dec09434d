// matrix-nio (Python) as a moderator's client: its own protocol logic on vodozemac, which knows nothing of
// cross-signing, so that a person verifies each device by hand.

import { join } from "node:path";
import { pythonEnvironment } from "../python-environment.ts";
import type { RegisteredUser, Synapse } from "../synapse/synapse.ts";
import { type OtherClient, type OwnDevice, startOtherClient } from "./other-client.ts";

export interface NioOptions {
  /** Where it keeps its keys. */
  readonly store: string;
  /** Goes on as that device, with the store that it had; otherwise the login makes a new one. */
  readonly as?: OwnDevice;
}

/** Installs it if this machine does not have it yet. */
export async function nioPython(): Promise<string> {
  const { python } = await pythonEnvironment({
    title: "matrix-nio",
    name: "nio",
    package: "matrix-nio",
    requirementsFile: join(import.meta.dirname, "nio/requirements.txt"),
    advice:
      "It needs the Python package index and exists for Linux on x86-64 and ARM (glibc or musl). " +
      '"npm run test:unit" runs every test that needs no homeserver.',
  });
  return python;
}

export async function startNio(
  synapse: Synapse,
  user: RegisteredUser,
  { store, as }: NioOptions,
): Promise<OtherClient> {
  return startOtherClient({
    command: await nioPython(),
    args: [join(import.meta.dirname, "nio/client.py")],
    login: {
      url: synapse.url,
      user: user.userId,
      store,
      ...(as ? { device: as.device, token: as.token } : { password: user.password }),
    },
  });
}
