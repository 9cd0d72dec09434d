/** What a homeserver may ask before it lets something happen (the callbacks of synapse-http-antispam), and what it is told. */
import type { JsonObject } from "../kit/json.ts";

/** Those that Synapse has and the module passes on; any other is allowed as well, and counted as other. */
export const callbackNames: ReadonlySet<string> = new Set([
  "user_may_invite",
  "federated_user_may_invite",
  "user_may_join_room",
  "check_event_for_spam",
  "check_login_for_spam",
  "user_may_send_3pid_invite",
  "user_may_create_room",
  "user_may_create_room_alias",
  "user_may_publish_room",
]);

export interface Asked {
  readonly callback: string;
  /** Undefined: it was larger than anything that an honest server sends, and was not read. */
  readonly body: JsonObject | undefined;
}

/** `recorded`: it would have been refused, and is allowed as this is a dry run. */
export type CallbackAnswer = "allowed" | "refused" | "recorded";

/** Who is asked. Answers at once, from memory. */
export interface Callbacks {
  /** What whoever asks has to say to be believed. */
  readonly secret: string;
  readonly answer: (asked: Asked) => CallbackAnswer;
}

/** Where callbacks are asked for, followed by the name of one. */
export const callbackPath = "/antispam/v1/";
