/** The one way in for an ordinary event: shape, size, repetition, auth rules, then written down. */
import { isDeepStrictEqual } from "node:util";
import { authorize } from "./auth.ts";
import { applyRedaction, type EventDraft, type StoredEvent } from "./event.ts";
import { domainOf } from "./ids.ts";
import { asString, frozenCopy } from "./json.ts";
import { badRequest, forbidden, MatrixError } from "./matrix-error.ts";
import type { Room } from "./room.ts";
import { isServerAllowed } from "./server-acl.ts";
import type { World } from "./world.ts";

export const maxPduBytes = 65_536;

export function submit(
  world: World,
  draft: EventDraft,
  /**
   * `isPuppet`: the admin API acts for a local user even where that user is banned. `isLeaked`: it came by servers that do
   * not enforce the server ACL.
   */
  { isPuppet = false, isLeaked = false }: { readonly isPuppet?: boolean; readonly isLeaked?: boolean } = {},
): StoredEvent {
  const room = world.room(draft.roomId);
  if (!isLeaked) checkFederation(world, room, draft);
  const prepared = prepare(world, room, draft);
  const repeated = findRepeated(room, prepared);
  if (repeated !== undefined) return repeated;
  if (!isPuppet) authorize(room, prepared);
  refuseForeignTarget(world, room, prepared);
  return record(world, room, prepared);
}

/** Synapse answers an unchanged state event of the same sender with the event that is there. */
export function findRepeated(room: Room, draft: EventDraft): StoredEvent | undefined {
  if (draft.stateKey === undefined) return undefined;
  const current = room.state(draft.type, draft.stateKey);
  if (current === undefined || current.sender !== draft.sender) return undefined;
  return isDeepStrictEqual(current.content, draft.content) ? current : undefined;
}

function refuseForeignTarget(world: World, room: Room, { redacts }: EventDraft): void {
  if (redacts === undefined || room.event(redacts) !== undefined) return;
  for (const other of world.rooms.values())
    if (other.event(redacts) !== undefined)
      throw badRequest("Cannot redact event from a different room", "M_UNKNOWN");
}

/** Appends without asking the auth rules; redactions still take effect. */
export function record(world: World, room: Room, draft: EventDraft): StoredEvent {
  const target = draft.redacts === undefined ? undefined : room.event(draft.redacts);
  if (draft.type !== "m.room.redaction") return world.append(room, draft);
  if (target === undefined) return world.withhold(room, draft);
  return world.append(room, draft, (redaction) => applyRedaction(target, redaction, room.version));
}

export function withFrozenContent(draft: EventDraft): EventDraft {
  return { ...draft, content: frozenCopy(draft.content).copy };
}

function prepare(world: World, room: Room, draft: EventDraft): EventDraft {
  const { copy, text } = frozenCopy(draft.content);
  checkSize(draft, text);
  if (draft.type === "m.room.server_acl" && world.isLocal(draft.sender)) {
    if (!isServerAllowed(world.serverName, copy)) {
      throw badRequest("Can't create an ACL event that denies the local server", "M_UNKNOWN");
    }
  }
  if (draft.type !== "m.room.redaction") return { ...draft, content: copy };
  const redacts = draft.redacts ?? asString(copy["redacts"]);
  const content = room.version >= 11 ? frozenCopy({ ...copy, redacts }).copy : copy;
  return { ...draft, content, redacts };
}

function checkSize(draft: EventDraft, contentText: string): void {
  for (const [name, value] of Object.entries({ type: draft.type, state_key: draft.stateKey })) {
    if (value !== undefined && Buffer.byteLength(value) > 255) {
      throw new MatrixError(413, "M_TOO_LARGE", `'${name}' too large`);
    }
  }
  if (Buffer.byteLength(contentText) + envelopeBytes(draft) > maxPduBytes) {
    throw new MatrixError(413, "M_TOO_LARGE", "event too large");
  }
}

/** Everything a signed PDU holds besides its content, with one previous and four auth events. */
function envelopeBytes(draft: EventDraft): number {
  const hash = "x".repeat(44);
  const pdu = {
    auth_events: [hash, hash, hash, hash],
    content: 0,
    depth: 1_000_000,
    hashes: { sha256: hash },
    origin_server_ts: 1_700_000_000_000,
    prev_events: [hash],
    redacts: draft.redacts,
    room_id: draft.roomId,
    sender: draft.sender,
    signatures: { [domainOf(draft.sender)]: { "ed25519:a_Abcd": "x".repeat(86) } },
    state_key: draft.stateKey,
    type: draft.type,
    unsigned: { age_ts: 1_700_000_000_000 },
  };
  return Buffer.byteLength(JSON.stringify(pdu)) - 1;
}

/** Events of a denied server never reach us, so scripted remote users are stopped by the ACL. */
function checkFederation(world: World, room: Room, draft: EventDraft): void {
  if (world.isLocal(draft.sender)) return;
  const acl = room.state("m.room.server_acl", "")?.content;
  if (!isServerAllowed(domainOf(draft.sender), acl)) {
    throw forbidden(`Server ${domainOf(draft.sender)} is banned from room ${room.id}`);
  }
}
