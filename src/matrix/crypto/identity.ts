/** A stand-in until the real one is here. */
import type { RestClient } from "../http/client.ts";
import type { Engine } from "./engine.ts";
import type { OutgoingRequests } from "./outgoing-requests.ts";

export interface IdentitySource {
  readonly recoveryKey: () => string | undefined;
  readonly keepRecoveryKey: (key: string) => void;
  readonly password: { readonly user: string; readonly password: string } | undefined;
  readonly newIdentity: boolean;
  readonly isDryRun: boolean;
}

export async function readyIdentity({
  client,
  engine,
  outgoing,
}: {
  readonly client: RestClient;
  readonly engine: Engine;
  readonly self: string;
  readonly device: string;
  readonly outgoing: OutgoingRequests;
  readonly source: IdentitySource;
}): Promise<string | undefined> {
  if (await engine.isSigned()) return undefined;
  const made = await engine.makeIdentity();
  await client.call("POST", "/_matrix/client/v3/keys/device_signing/upload", { body: made.keys });
  await outgoing.send(made.signatures);
  return undefined;
}
