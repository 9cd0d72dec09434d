/** Requests that the library wants sent, as plain values. */
import { RequestType } from "@matrix-org/matrix-sdk-crypto-wasm";
import { asObject, type JsonObject } from "../../kit/json.ts";
import type { OutgoingRequest } from "./engine.ts";

export const typesByKind = {
  "keys-upload": RequestType.KeysUpload,
  "keys-query": RequestType.KeysQuery,
  "keys-claim": RequestType.KeysClaim,
  "to-device": RequestType.ToDevice,
  "signatures-upload": RequestType.SignatureUpload,
} as const;

/** A request as the library gives it; its classes share these fields. */
interface LibraryRequest {
  readonly id?: string | undefined;
  readonly type: RequestType;
  readonly body: string;
  readonly event_type?: string;
  readonly txn_id?: string;
}

/** Undefined for kinds that we never ask for: key backup, and verification in rooms. */
export function requestOf(request: LibraryRequest): OutgoingRequest | undefined {
  const { id, type, event_type: eventType, txn_id: transactionId } = request;
  const kind = Object.entries(typesByKind).find(([, one]) => one === type)?.[0];
  if (kind === undefined) return undefined;
  return {
    id: id === "" ? undefined : id,
    kind: kind as OutgoingRequest["kind"],
    body: parsed(request.body),
    ...(eventType === undefined ? {} : { eventType }),
    ...(transactionId === undefined ? {} : { transactionId }),
  };
}

export function parsed(json: string): JsonObject {
  return asObject(JSON.parse(json)) ?? {};
}
