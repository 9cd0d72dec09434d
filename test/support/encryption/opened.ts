/** An event as a person sees it: what was in the cipher, and the shield that a client would show beside it. */
import * as sdk from "@matrix-org/matrix-sdk-crypto-wasm";
import type { Content } from "../../homeserver/event.ts";

export interface RawEvent {
  readonly event_id: string;
  readonly type: string;
  readonly sender: string;
  readonly state_key?: string;
  readonly origin_server_ts: number;
  readonly content: Content;
}

export interface Opened {
  readonly eventId: string;
  readonly roomId: string;
  readonly sender: string;
  readonly type: string;
  readonly content: Content;
  readonly isEncrypted: boolean;
  /** "None" where all is well, "Red UnsignedDevice" and the like otherwise; undefined where nothing was opened. */
  readonly shield: string | undefined;
  /** Why it could not be opened. */
  readonly closed: Closed | undefined;
}

export interface Closed {
  /** "MissingRoomKey", "UnsignedSenderDevice" and the like. */
  readonly code: string;
  /** What the sender said who kept the key back: "m.unverified" and the like. */
  readonly withheld: string | undefined;
}

export function inClear(roomId: string, event: RawEvent): Opened {
  const { event_id: eventId, sender, type, content } = event;
  return {
    eventId,
    roomId,
    sender,
    type,
    content,
    isEncrypted: false,
    shield: undefined,
    closed: undefined,
  };
}

export function opened(roomId: string, event: RawEvent, decrypted: sdk.DecryptedRoomEvent): Opened {
  const { type, content } = JSON.parse(decrypted.event) as { type: string; content: Content };
  const { color, code } = decrypted.shieldState(false);
  const words = [sdk.ShieldColor[color], code === undefined ? undefined : sdk.ShieldStateCode[code]];
  const shield = words.filter((word) => word !== undefined).join(" ");
  return { ...inClear(roomId, event), type, content, isEncrypted: true, shield };
}

export function closed(roomId: string, event: RawEvent, error: unknown): Opened {
  if (!(error instanceof sdk.MegolmDecryptionError)) throw error;
  const why = { code: sdk.DecryptionErrorCode[error.code], withheld: error.withheldCode };
  return { ...inClear(roomId, event), isEncrypted: true, closed: why };
}

export function bodyOf(event: Opened): string | undefined {
  const body = event.content["body"];
  return typeof body === "string" ? body : undefined;
}
