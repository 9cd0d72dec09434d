/** The server ACL of a room, which keeps whole servers out. */
import type { RoomId } from "../ids.ts";
import {
  doneAgainIfLost,
  leavesNothing,
  noTarget,
  nothing,
  roomOfAction,
  weighsNothing,
  type Family,
} from "./family.ts";

/** `m.room.server_acl` (client-server specification, "Server Access Control Lists"). */
export interface ServerAclContent {
  readonly allow: readonly string[];
  readonly deny: readonly string[];
  readonly allow_ip_literals: boolean;
}

export interface ServerAclFields {
  /** `content` is the whole event, `before` the content that it replaces. */
  "set-server-acl": {
    readonly room: RoomId;
    readonly content: ServerAclContent;
    readonly before: ServerAclContent | undefined;
  };
}

export const serverAcl = {
  "set-server-acl": {
    room: roomOfAction,
    target: noTarget,
    subject: nothing,
    mentions: "fields",
    changes: "room-state",
    turn: {
      urgency: "containment",
      rank: "busiest-room",
      request: "write",
      sameUnderWay: "replace",
      effect: "unseen",
    },
    harm: {
      whom: "many",
      // Commands propose no ACLs, and those of lists are weighed for each room in `decisions/guard/weigh-rooms.ts`.
      weighs: weighsNothing,
      needs: ({ room }) => ({ of: "server-acl", room }),
      isAgainstSubject: false,
    },
    recheck: {
      onlyWhileProtected: true,
      effect: "looked-at",
      // It carries what all lists ask for, whoever asked for this one.
      whileStopped: (action) => (onlyLifts(action) ? "done" : "dropped"),
    },
    memory: {
      ...doneAgainIfLost,
      afterCrash: "judge-anew",
      inDryRun: { recordOnce: ({ content }) => JSON.stringify(content) },
    },
    undo: {
      // The rules ask for it: when they are taken back, the ACL follows.
      ...leavesNothing,
      inverse: (action) => action.before && { ...action, content: action.before, before: action.content },
      isNumbered: true,
    },
  },
} satisfies Family<ServerAclFields>;

/** The content that lets in whomever the act lets in, and shuts out nobody who is not shut out already. */
export function liftsOf({
  content,
  before,
}: Pick<ServerAclFields["set-server-acl"], "content" | "before">): ServerAclContent {
  const wanted = new Set(content.deny);
  const allow = new Set([...(before?.allow ?? ["*"]), ...content.allow]);
  return {
    allow: [...allow],
    deny: (before?.deny ?? []).filter((entry) => wanted.has(entry)),
    allow_ip_literals: content.allow_ip_literals || before?.allow_ip_literals !== false,
  };
}

/** Whether nobody is shut out by it who was not before. */
function onlyLifts({ content, before }: ServerAclFields["set-server-acl"]): boolean {
  const denied = new Set(before?.deny);
  const allowed = new Set(content.allow);
  return (
    content.deny.every((entry) => denied.has(entry)) &&
    (before?.allow ?? ["*"]).every((entry) => allowed.has(entry)) &&
    (content.allow_ip_literals || before?.allow_ip_literals === false)
  );
}
