/** One event as the server keeps it, and as it is shown to clients. */
import { redactedContent } from "./redaction.ts";

export type Content = Readonly<Record<string, unknown>>;

export interface StoredEvent {
  readonly eventId: string;
  readonly roomId: string;
  readonly type: string;
  readonly sender: string;
  readonly stateKey: string | undefined;
  readonly originServerTs: number;
  /** Place in the server-wide stream; every token is such a number. */
  readonly position: number;
  readonly redacts: string | undefined;
  readonly transaction: Transaction | undefined;
  /** The state event this one took the place of. */
  readonly replaces: StoredEvent | undefined;
  content: Content;
  redactedBecause: StoredEvent | undefined;
}

export interface Transaction {
  readonly token: string;
  readonly id: string;
}

export interface EventDraft {
  readonly roomId: string;
  readonly sender: string;
  readonly type: string;
  readonly stateKey?: string | undefined;
  readonly content: Content;
  readonly redacts?: string | undefined;
  readonly transaction?: Transaction | undefined;
  /** Its server says that it was sent so long ago. */
  readonly agoMs?: number;
}

export interface ClientEvent {
  event_id: string;
  room_id?: string;
  type: string;
  sender: string;
  state_key?: string;
  content: Content;
  origin_server_ts: number;
  redacts?: string;
  unsigned: Record<string, unknown>;
}

export interface Reader {
  readonly now: number;
  /** Only the device that sent an event is told its transaction id. */
  readonly token?: string;
}

/** The form of /messages, /state, /event and the rest, which name the room. */
export function clientEvent(event: StoredEvent, reader: Reader): ClientEvent {
  return { ...syncEvent(event, reader), room_id: event.roomId };
}

/** The form inside /sync, where the room is known from the place. */
export function syncEvent(event: StoredEvent, reader: Reader): ClientEvent {
  const shown: ClientEvent = {
    event_id: event.eventId,
    type: event.type,
    sender: event.sender,
    content: event.content,
    origin_server_ts: event.originServerTs,
    unsigned: unsigned(event, reader),
  };
  if (event.stateKey !== undefined) shown.state_key = event.stateKey;
  if (event.redacts !== undefined) {
    // Servers serve `redacts` at both places, whatever the room version.
    shown.redacts = event.redacts;
    shown.content = { redacts: event.redacts, ...event.content };
  }
  return shown;
}

export function strippedEvent(event: StoredEvent): Record<string, unknown> {
  return {
    type: event.type,
    state_key: event.stateKey,
    sender: event.sender,
    content: event.content,
  };
}

export function applyRedaction(target: StoredEvent, redaction: StoredEvent, version: number): void {
  if (target.redactedBecause !== undefined) return;
  target.content = redactedContent(target.type, target.content, version);
  target.redactedBecause = redaction;
}

function unsigned(event: StoredEvent, reader: Reader): Record<string, unknown> {
  const result: Record<string, unknown> = { age: reader.now - event.originServerTs };
  if (event.replaces !== undefined) {
    result["replaces_state"] = event.replaces.eventId;
    result["prev_content"] = event.replaces.content;
    result["prev_sender"] = event.replaces.sender;
  }
  if (event.transaction !== undefined && event.transaction.token === reader.token) {
    result["transaction_id"] = event.transaction.id;
  }
  if (event.redactedBecause !== undefined) {
    result["redacted_by"] = event.redactedBecause.eventId;
    result["redacted_because"] = clientEvent(event.redactedBecause, reader);
  }
  return result;
}
