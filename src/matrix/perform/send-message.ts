/**
 * The one place that sends message events (`/send/<type>`): messages to moderators, questions, warnings, reactions and
 * attachments. What is encrypted is decided here, by the room as it is now. The SDK's `sendEvent` is no alternative: it makes a new
 * transaction id at each call, so that a retry could send twice.
 */
import type { JsonObject } from "../../kit/json.ts";
import type { ActionOf } from "../../model/actions/action.ts";
import type { RoomId } from "../../model/ids.ts";
import type { Sealing } from "../crypto/sealing.ts";
import { path, type RestClient } from "../http/client.ts";
import { eventOf } from "../look-ups.ts";
import type { ActContext } from "./act-context.ts";
import { messageContent, postContent, reactionContent, warningContent } from "./message-content.ts";
import { written, type Done } from "./results.ts";

export interface OutgoingMessage {
  readonly room: RoomId;
  readonly type: "m.room.message" | "m.reaction";
  readonly content: JsonObject;
  /** The decision's id: sent twice with the same one, a message appears once. */
  readonly transactionId: string;
}

export async function sendMessage(
  { client, sealing }: { readonly client: RestClient; readonly sealing: Sealing },
  { room, transactionId, ...message }: OutgoingMessage,
): Promise<Done> {
  const { type, content } = await sealing.seal({ room, ...message });
  const where = path`/_matrix/client/v3/rooms/${room}/send/${type}/${transactionId}`;
  return written(client.call("PUT", where, { body: content }).then((answer) => answer["event_id"]));
}

export function tell(action: ActionOf<"tell">, context: ActContext): Promise<Done> {
  return send(action.room, messageContent(action, boundsOf(context)), context);
}

export function ask(action: ActionOf<"ask">, context: ActContext): Promise<Done> {
  const content = messageContent({ ...action, edits: undefined }, boundsOf(context));
  return send(action.room, content, context);
}

function boundsOf({ self, limits }: ActContext) {
  return { self, maxBytes: limits.maxAnswerLength };
}

/** Put together only now, as the words are kept nowhere but in the stash. */
export function showRemoved(action: ActionOf<"show-removed">, context: ActContext): Promise<Done> {
  const say = context.removedWords(action);
  const content = messageContent({ say, edits: undefined, replyTo: undefined }, boundsOf(context));
  return send(action.room, content, context);
}

/** Read only now, as the words are kept nowhere. */
export async function showReported(action: ActionOf<"show-reported">, context: ActContext): Promise<Done> {
  const { reads, sealing } = context;
  const read = await Promise.all(action.of.map((one) => eventOf(reads.transport, one, sealing)));
  const say = context.reportedWords(
    read.flatMap((event) => event ?? []),
    action,
  );
  const content = messageContent({ say, edits: undefined, replyTo: undefined }, boundsOf(context));
  return send(action.room, content, context);
}

export function warn(action: ActionOf<"warn">, context: ActContext): Promise<Done> {
  return send(action.room, warningContent(action), context);
}

function send(room: RoomId, content: JsonObject, { writes, sealing, decision }: ActContext): Promise<Done> {
  const message = { room, type: "m.room.message", content, transactionId: decision.id } as const;
  return sendMessage({ client: writes, sealing }, message);
}

export function post(action: ActionOf<"post">, context: ActContext): Promise<Done> {
  return send(action.room, postContent(action), context);
}

export function react(action: ActionOf<"react">, { writes, sealing, decision }: ActContext): Promise<Done> {
  const { room } = action;
  const content = reactionContent(action);
  const message = { room, type: "m.reaction", content, transactionId: decision.id } as const;
  return sendMessage({ client: writes, sealing }, message);
}
