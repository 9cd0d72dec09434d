/** A policy server's key, and what it signs by it: by node:crypto alone. */
import { generateKeyPairSync, sign } from "node:crypto";

type Json = Readonly<Record<string, unknown>>;

export interface PolicyKey {
  /** In base64 without padding. */
  readonly publicKey: string;
  /** In base64 without padding. */
  sign(object: Json): string;
  /** The object with the signature of that server. */
  signed(object: Json, server: string): Json;
}

export function aPolicyKey(): PolicyKey {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const { x } = publicKey.export({ format: "jwk" });
  const signature = (object: Json) => {
    const { signatures: _signatures, unsigned: _unsigned, ...rest } = object;
    return unpadded(sign(undefined, Buffer.from(canonical(rest)), privateKey));
  };
  return {
    publicKey: unpadded(Buffer.from(x!, "base64url")),
    sign: signature,
    signed: (object, server) => ({
      ...object,
      signatures: { [server]: { "ed25519:policy_server": signature(object) } },
    }),
  };
}

function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64").replaceAll("=", "");
}

/** Keys in order, no spaces, as the specification has it ("Canonical JSON"). */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const object = value as Json;
  const entries = Object.keys(object).toSorted();
  return `{${entries.map((name) => `${JSON.stringify(name)}:${canonical(object[name])}`).join(",")}}`;
}
