/**
 * What a homeserver is told that asks before it lets somebody invite, join or speak: allowed or refused. What is not surely
 * to be refused is allowed, as a person who is refused has nobody to ask. Costs no more than a look at the rules.
 */
import type { Glob } from "../kit/glob.ts";
import { asObject, type JsonObject } from "../kit/json.ts";
import type { Asked } from "../model/callbacks.ts";
import { parseRoomId, parseUserId, serverOf, type RoomId, type UserId } from "../model/ids.ts";
import type { WorldView } from "../model/world/view.ts";
import { isLeftAlone, roomOfOurs } from "../policy/own-people.ts";
import type { RulesInForce } from "../policy/rules-in-force.ts";
import { isOfBannedServer } from "../policy/sweep.ts";

export interface CallbackView {
  readonly world: WorldView;
  readonly rulesInForce: Pick<RulesInForce, "verdict" | "decide" | "bansRoom" | "exemptionOf" | "index">;
  /** Of the config: no rule keeps their people out. */
  readonly sparedServers: readonly Glob[];
  /** Whom strangers may not invite. */
  readonly noInvitesTo: ReadonlySet<UserId>;
  /** Whether messages are refused, too. */
  readonly refusesEvents: boolean;
}

/** Whether it is to be refused. */
export function isToBeRefused({ callback, body }: Asked, view: CallbackView): boolean {
  // Everything is stopped: nobody is kept from anything by us.
  if (view.world.settings.stopping.stop) return false;
  // Stripped state of a room is a dozen events of 64 KB at most. What is larger was made to be read by nobody.
  if (body === undefined) return callback === "federated_user_may_invite";
  switch (callback) {
    case "user_may_invite":
      return mayNotInvite(
        { inviter: body["inviter"], invitee: body["invitee"], room: body["room_id"] },
        view,
      );
    case "federated_user_may_invite": {
      const event = asObject(body["event"]) ?? {};
      return mayNotInvite(
        { inviter: event["sender"], invitee: event["state_key"], room: event["room_id"] },
        view,
      );
    }
    case "user_may_join_room": {
      const [user, room] = [parseUserId(body["user"]), parseRoomId(body["room"])];
      return user !== undefined && room !== undefined && isKeptFrom(user, room, view);
    }
    case "check_event_for_spam":
      return view.refusesEvents && mayNotSend(asObject(body["event"]) ?? {}, view);
    default:
      return false;
  }
}

function mayNotInvite(
  asked: Readonly<Record<"inviter" | "invitee" | "room", unknown>>,
  view: CallbackView,
): boolean {
  const { world, rulesInForce } = view;
  const inviter = parseUserId(asked.inviter);
  if (inviter === undefined || isLeftAlone(inviter, view)) return false;
  const verdict = rulesInForce.verdict(inviter);
  if (verdict?.kind === "ban") return true;
  if (verdict === undefined && isOnBannedServer(inviter, view)) return true;
  const room = parseRoomId(asked.room);
  if (room !== undefined && roomOfOurs(room, world) === undefined && rulesInForce.bansRoom(room)) return true;
  const invitee = parseUserId(asked.invitee);
  return invitee !== undefined && view.noInvitesTo.has(invitee) && !isTogether(inviter, invitee, world);
}

/** A list that names a server of ours or of a moderator keeps nobody out, here as in server ACLs. */
function isOnBannedServer(user: UserId, { world, rulesInForce, sparedServers }: CallbackView): boolean {
  const server = serverOf(user);
  if (!isOfBannedServer(user, rulesInForce)) return false;
  if (server === serverOf(world.self) || sparedServers.some((glob) => glob.matches(server))) return false;
  for (const spared of world.spared()) if (serverOf(spared) === server) return false;
  return true;
}

function isTogether(one: UserId, other: UserId, world: WorldView): boolean {
  return world
    .protectedRoomsOf(one, ["join"])
    .some((room) => world.members.get(room, other)?.membership === "join");
}

/** The ban is on its way, or will be once they come: the room need not see them at all. */
function isKeptFrom(user: UserId, room: RoomId, view: CallbackView): boolean {
  const { world, rulesInForce } = view;
  return world.isProtected(room) && !isLeftAlone(user, view) && rulesInForce.verdict(user)?.kind === "ban";
}

/** People of our homeserver alone: an event of another server that is refused here stands everywhere else. */
function mayNotSend(event: JsonObject, view: CallbackView): boolean {
  const { world } = view;
  const [sender, room] = [parseUserId(event["sender"]), parseRoomId(event["room_id"])];
  if (sender === undefined || room === undefined || serverOf(sender) !== serverOf(world.self)) return false;
  // Whoever wants to leave, or to take back what they said, may.
  if (event["type"] === "m.room.member" || event["type"] === "m.room.redaction") return false;
  if (isKeptFrom(sender, room, view)) return true;
  return world.isProtected(room) && !isLeftAlone(sender, view) && world.mutes.get(room, sender) !== undefined;
}
