// The homeserver of the demo: a real Synapse, or, where there is no Python to run one with, the scripted homeserver of
// the tests. Both are spoken to as clients do.

import { startRemote } from "../../test/homeserver/remote.ts";
import { PythonMissing } from "../../test/support/python-environment.ts";
import { startSynapse } from "../../test/support/synapse/synapse.ts";

export interface Login {
  readonly userId: string;
  readonly accessToken: string;
  readonly password: string;
}

export interface DemoServer {
  readonly name: string;
  readonly url: string;
  readonly version: "11" | "12";
  /** Why it is not the real thing, in a sentence; undefined for a Synapse. */
  readonly excuse: string | undefined;
  /** A new account that may write as fast as it likes. */
  register(localpart: string): Promise<Login>;
  stop(): Promise<void>;
}

export async function startServer(): Promise<DemoServer> {
  try {
    return await realServer();
  } catch (error) {
    if (!(error instanceof PythonMissing)) throw error;
    return scriptedServer(error.message);
  }
}

async function realServer(): Promise<DemoServer> {
  const synapse = await startSynapse({ defaultRoomVersion: "12" });
  return {
    name: "Synapse",
    url: synapse.url,
    version: "12",
    excuse: undefined,
    async register(localpart) {
      const user = await synapse.registerUser(localpart);
      await synapse.setRateLimitFree(user.userId);
      return user;
    },
    stop: () => synapse.stop(),
  };
}

async function scriptedServer(why: string): Promise<DemoServer> {
  const server = await startRemote({ writeLatencyMs: 20, readLatencyMs: 5 });
  return {
    name: "the scripted homeserver of the tests",
    url: server.url,
    version: "11",
    excuse: `${why}\nUntil then the same is shown on the scripted homeserver of the tests, which takes 20 ms for a write.`,
    async register(localpart) {
      const password = `password of ${localpart}`;
      return { ...(await server.call("createUser", localpart, { password })), password };
    },
    stop: () => server.close(),
  };
}
