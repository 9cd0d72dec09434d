/** What single acts add to the impact of a command or of what lists ask for in a room. */
import { asString } from "../kit/json.ts";
import type { Action } from "../model/action.ts";
import { serverOf, type EventId, type ServerName } from "../model/ids.ts";
import type { Rule } from "../model/policy-list.ts";
import { readServerAcl } from "../model/server-acl.ts";
import type { WorldView } from "../model/world.ts";
import type { PolicyBook } from "../policy/book.ts";
import { usersMatching } from "../policy/member-search.ts";
import { isServerAllowed } from "../policy/server-acl.ts";
import type { Impact } from "./impact.ts";
import type { Weighing } from "./hits.ts";

export function addAction(impact: Impact, action: Action, view: Pick<Weighing, "world" | "book">): void {
  switch (action.kind) {
    case "ban":
    case "kick":
      impact.add(action.room, action.user);
      return;
    case "search-history":
    case "redact-by-server":
      impact.addWords(action.user);
      return;
    case "redact":
      if (action.user) impact.addWords(action.user);
      return;
    case "write-policy":
      addRule(impact, action, view);
      return;
    default:
      return;
  }
}

/** A command's rule for a server cuts off whoever is on it; one for people hits them, even where the command does not. */
function addRule(
  impact: Impact,
  action: Extract<Action, { kind: "write-policy" }>,
  { world, book }: Pick<Weighing, "world" | "book">,
): void {
  const kind = (["user", "server"] as const).find((one) => action.eventType.endsWith(one));
  const entity = asString(action.content["entity"]);
  if (kind === undefined || entity === undefined) return;
  if (!/ban$|takedown$/.test(asString(action.content["recommendation"]) ?? "")) return;
  for (const user of usersMatching([{ kind, entity, hash: undefined } as Rule], world.members)) {
    if (kind === "user" && (world.isSpared(user) || book.exemptionOf(user))) continue;
    for (const room of world.members.roomsOf(user, ["join"])) {
      impact.add(room, user);
      if (kind === "server" && world.isProtected(room)) impact.addServer(room, serverOf(user));
    }
  }
}

/** Counts what a list's act would do in its room; answers whether it counts for anything. */
export function addListed(
  impact: Impact,
  action: Action,
  { world, book, isWeighed }: { world: WorldView; book: PolicyBook; isWeighed: (rule: EventId) => boolean },
): boolean {
  if (action.kind === "ban") return impact.add(action.room, action.user);
  if (action.kind !== "set-server-acl") return false;
  const before = readServerAcl(world.rooms.get(action.room)?.event("m.room.server_acl")?.content);
  const cutOff = new Map<ServerName, boolean>();
  let isCounted = false;
  for (const user of world.members.membersOf(action.room, ["join"])) {
    const server = serverOf(user);
    let isNew = cutOff.get(server);
    if (isNew === undefined) {
      // Nearly no server is denied, and the index tells that much sooner than two long lists.
      const verdict = book.decide(book.index.rulesForServer(server));
      const isAsked = verdict?.kind === "ban" && !isWeighed(verdict.rule.eventId);
      isNew = isAsked && isServerAllowed(before, server) && !isServerAllowed(action.content, server);
      cutOff.set(server, isNew);
    }
    if (!isNew) continue;
    impact.addServer(action.room, server);
    if (impact.add(action.room, user)) isCounted = true;
  }
  return isCounted;
}
