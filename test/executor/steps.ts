/** Steps for the tests of the executor: only room, kind and urgency matter. */
import type { Action } from "../../src/model/actions/action.ts";
import { priority } from "../../src/model/actions/priority.ts";
import { decide, type Step } from "../../src/model/decision.ts";
import { event, room, user } from "../support/make.ts";

let made = 0;

export function step(
  action: Action,
  urgency: number,
  { lane, rank = 0 }: { lane: string; rank?: number },
): Step {
  const decision = decide(action, { kind: "self", what: `step ${(made += 1)}` }, { at: 0, replaces: "" });
  return { decision, lane, priority: urgency, rank };
}

export function ban(lane: string, who = "@a:x", { rank = 0 } = {}): Step {
  const action: Action = { kind: "ban", room: room(lane), user: user(who), reason: "", redacts: false };
  return step(action, priority.banPresent, { lane, rank });
}

export function redact(lane: string, id: string): Step {
  const action: Action = { kind: "redact", room: room(lane), event: event(id), user: undefined, reason: "" };
  return step(action, priority.redact, { lane });
}

export function acl(lane: string, ...deny: readonly string[]): Step {
  const content = { allow: ["*"], deny, allow_ip_literals: false };
  const action: Action = { kind: "set-server-acl", room: room(lane), content, before: undefined };
  return step(action, priority.containment, { lane });
}

export function lift(lane: string, who = "@a:x"): Step {
  const action: Action = { kind: "unban", room: room(lane), user: user(who), reason: "" };
  return step(action, priority.lift, { lane });
}

export function readRoom(lane: string): Step {
  const action: Action = { kind: "read-room", room: room(lane), state: true, members: true };
  return step(action, priority.housekeeping, { lane });
}

export function join(lane: string): Step {
  return step({ kind: "join", room: room(lane), via: [] }, priority.reply, { lane });
}

export function mark(lane: string, of: string, key: string): Step {
  const action: Action = { kind: "react", room: room(lane), event: event(of), with: key };
  return step(action, priority.notice, { lane });
}

/** The first message of the answer to a command. */
export function answer(lane: string, key: string): Step {
  return tell(lane, key, { revision: 0, urgency: priority.reply });
}

export function edit(lane: string, key: string, revision: number): Step {
  return tell(lane, key, { revision, urgency: priority.notice });
}

function tell(lane: string, key: string, { revision, urgency }: { revision: number; urgency: number }): Step {
  const edits = revision === 0 ? undefined : event("$first");
  const action: Action = {
    kind: "tell",
    room: room(lane),
    key,
    revision,
    say: { text: "words", html: "words" },
    edits,
    replyTo: event("$command"),
  };
  return step(action, urgency, { lane });
}
