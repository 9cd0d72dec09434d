/** Policy lists of ours beyond single rules: a new one is made, or one is sent as a file. */
import { asObject, asString } from "../../kit/json.ts";
import type { ActionOf } from "../../model/actions/action.ts";
import type { Decision } from "../../model/decision.ts";
import { parseRoomId, type UserId } from "../../model/ids.ts";
import { path, type RestClient } from "../http/client.ts";
import { noRetries, written, type Done } from "./results.ts";
import { MatrixFault } from "../http/errors.ts";
import { fileContent } from "./message-content.ts";

export interface SentFile {
  readonly name: string;
  /** Its media type. */
  readonly type: string;
  readonly text: string;
}

/** A public room of type `m.policy` in which moderators (level 50) write and nobody chats (MSC3784). */
export async function createList(
  action: ActionOf<"create-list">,
  { client, self }: { client: RestClient; self: UserId },
  signal: AbortSignal,
): Promise<Done> {
  const capabilities = asObject(
    asObject(await client.transport.request("GET", "/_matrix/client/v3/capabilities", { signal }))?.[
      "capabilities"
    ],
  );
  const version = asString(asObject(capabilities?.["m.room_versions"])?.["default"]) ?? "";
  // Creators of version 12 and later stand above all levels and must not be listed.
  const hasSovereignCreators = /^\d+$/.test(version) ? Number(version) >= 12 : false;
  const users = { ...(hasSovereignCreators ? {} : { [self]: 100 }), [action.inviter]: 50 };
  const answer = await client.transport.request("POST", "/_matrix/client/v3/createRoom", {
    isWrite: true,
    // A second attempt after a lost answer would make a second list.
    retries: noRetries,
    signal,
    body: {
      preset: "public_chat",
      ...(version === "" ? {} : { room_version: version }),
      name: `${action.shortcode} (policy list)`,
      ...(action.alias === "" ? {} : { room_alias_name: action.alias }),
      invite: [action.inviter],
      creation_content: { type: "m.policy" },
      initial_state: [
        { type: "org.matrix.mjolnir.shortcode", state_key: "", content: { shortcode: action.shortcode } },
      ],
      power_level_content_override: {
        ban: 50,
        kick: 50,
        redact: 50,
        invite: 0,
        state_default: 50,
        events_default: 50,
        users_default: 0,
        users,
        events: { "m.room.power_levels": 100, "m.room.name": 100 },
      },
    },
  });
  const room = parseRoomId(asObject(answer)?.["room_id"]);
  if (!room) throw new MatrixFault(502, "NO_ROOM", "the homeserver made a room but did not say which");
  return { kind: "done", room };
}

/** Uploaded, then shown as an attachment. Cut short in between, it is uploaded again, and the first is never seen. */
export async function sendFile(
  decision: Decision,
  action: ActionOf<"send-file">,
  { client, fileOf }: { client: RestClient; fileOf: (action: ActionOf<"send-file">) => SentFile | undefined },
  signal: AbortSignal,
): Promise<Done> {
  const file = fileOf(action);
  if (!file) throw new MatrixFault(404, "NO_LIST", "the list is gone");
  const upload = await client.transport.request("POST", "/_matrix/media/v3/upload", {
    query: { filename: file.name },
    body: file.text,
    contentType: file.type,
    signal,
    isWrite: true,
    retries: noRetries,
  });
  const url = asString(asObject(upload)?.["content_uri"]);
  if (url === undefined) throw new MatrixFault(502, "NO_URI", "the homeserver did not say where the file is");
  const where = path`/_matrix/client/v3/rooms/${action.room}/send/m.room.message/${decision.id}`;
  const body = fileContent(file, url);
  return written(client.transport.request("PUT", where, { body, signal, isWrite: true, retries: noRetries }));
}
