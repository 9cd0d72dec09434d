/**
 * Keeps us in our rooms and their state known: joins what is protected or watched, accepts invitations of moderators, declines those of others to rooms that lists ban,
 * reads rooms that were not read yet, leaves lists that were only previewed.
 */
import type { Action } from "../../model/actions/action.ts";
import { decide, type Cause, type Decision } from "../../model/decision.ts";
import { parseServerName, serverInId, type RoomId } from "../../model/ids.ts";
import type { Observation } from "../../model/observation.ts";
import type { Changes } from "../../model/world/changes.ts";
import type { WorldView } from "../../model/world/view.ts";
import { isAccepted } from "../../policy/invitations.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";
import { fillGap, readPutOff, type GapHealing } from "./gap-healing.ts";
import { protectJoined } from "./joined-rooms.ts";
import { followManagementRoom } from "./management-room-upgrade.ts";
import { followSpace, followUpgrade, recogniseSpace, withPredecessors } from "./spaces-and-upgrades.ts";

export function upkeep(
  seen: readonly Observation[],
  changes: Changes,
  {
    world,
    rulesInForce,
    gapHealing,
    readsEncrypted,
    at,
  }: {
    world: WorldView;
    rulesInForce: RulesInForce;
    gapHealing: GapHealing;
    readsEncrypted: () => boolean;
    at: number;
  },
): readonly Decision[] {
  const decisions: Decision[] = [];
  for (const one of seen) decisions.push(...afterObservation(one, { world, rulesInForce, gapHealing }));
  for (const room of gapHealing.takeOwed(at)) decisions.push(...readPutOff(room, world, at));
  const isRetry = seen.some((one) => one.kind === "tick" && one.retryRooms);
  const rooms =
    changes.everything || isRetry ? interestingRooms(world) : withPredecessors(changes.rooms, world);
  for (const room of rooms) decisions.push(...readIfUnknown(room, world, at));
  for (const room of rooms)
    decisions.push(
      ...recogniseSpace(room, world, at),
      ...followUpgrade(room, world, at),
      ...followManagementRoom(room, world, { readsEncrypted, at }),
    );
  decisions.push(...followSpaces(rooms, world, at));
  decisions.push(
    ...protectJoined(seen, { world, rooms: changes.everything || isRetry ? undefined : changes.rooms, at }),
  );
  decisions.push(...endOfPreviews(world, at));
  return decisions;
}

/** First whatever holds a room, then whatever lets go of it: a room that moves from one space to another stays protected. */
function followSpaces(changed: ReadonlySet<RoomId>, world: WorldView, at: number): readonly Decision[] {
  const decisions = [...world.settings.spaces.keys()]
    .filter((space) => changed.has(space))
    .flatMap((space) => followSpace(space, world, at));
  const [lettingGo, holding] = [true, false].map((isLettingGo) =>
    decisions.filter(
      ({ action }) => (action.kind === "change-settings" && action.change.kind === "let-go") === isLettingGo,
    ),
  );
  return [...holding!, ...lettingGo!];
}

/** Every room that the settings ask us to be in. */
export function interestingRooms(world: WorldView): ReadonlySet<RoomId> {
  const { rooms, spaces, lists, rulesRooms, managementRoom } = world.settings;
  return new Set([
    ...(managementRoom ? [managementRoom] : []),
    ...lists.map((list) => list.room),
    ...rulesRooms.keys(),
    ...spaces.keys(),
    ...rooms.keys(),
  ]);
}

function afterObservation(
  seen: Observation,
  {
    world,
    rulesInForce,
    gapHealing,
  }: { world: WorldView; rulesInForce: RulesInForce; gapHealing: GapHealing },
): readonly Decision[] {
  if (seen.kind === "gap") return fillGap(seen, { world, gapHealing });
  if (seen.kind !== "own-membership") return [];
  if (
    seen.membership === "join" &&
    seen.room === world.settings.managementRoom &&
    world.membersKnown.has(seen.room)
  ) {
    // While we were out its members stayed known, so that moderators were spared. By now they may be others.
    const read = { kind: "read-room", room: seen.room, state: true, members: true } as const;
    return [decide(read, self("return"), { at: seen.at, replaces: String(seen.at) })];
  }
  if (seen.membership !== "invite") return [];
  // Where all joined rooms are protected, an invitation alone adds a room.
  const { room, by } = seen;
  const isWelcome =
    world.isWanted(room) || (by !== undefined && isAccepted({ by, room }, { world, rulesInForce }));
  if (!isWelcome && rulesInForce.bansRoom(seen.room))
    return [
      decide({ kind: "leave", room: seen.room }, self("declined"), {
        at: seen.at,
        replaces: String(seen.at),
      }),
    ];
  const server = seen.by === undefined ? [] : [seen.by.slice(seen.by.indexOf(":") + 1)];
  return isWelcome
    ? [
        decide({ kind: "join", room: seen.room, via: server }, self("invited"), {
          at: seen.at,
          replaces: String(seen.at),
        }),
      ]
    : [];
}

/** Joins a room that we should be in; reads one that we are in and have not read. */
function readIfUnknown(id: RoomId, world: WorldView, at: number): readonly Decision[] {
  if (!world.isWanted(id)) return [];
  const room = world.rooms.get(id);
  const act = (action: Action) => [decide(action, self("upkeep"), { at, replaces: String(at) })];
  if (room?.ownMembership !== "join")
    return room?.wasRemoved ? [] : act({ kind: "join", room: id, via: viaOf(id, world) });
  const members = world.followsMembers(id) && !world.membersKnown.has(id);
  // Before it was followed nothing of its rules was kept.
  const hasNewRules = world.settings.rulesRooms.has(id) && world.rulesRooms.get(id)?.wasRead !== true;
  const state = !room.isKnown || hasNewRules;
  return state || members ? act({ kind: "read-room", room: id, state, members }) : [];
}

function viaOf(id: RoomId, world: WorldView): readonly string[] {
  const { rooms, lists, spaces, rulesRooms } = world.settings;
  const list = lists.find(({ room }) => room === id);
  const told = (rooms.get(id) ?? list ?? rulesRooms.get(id))?.via ?? spaces.get(id) ?? [];
  const own = serverInId(id);
  return told.length > 0 || own === undefined || !parseServerName(own) ? told : [own];
}

/** The longest that it may take to join a list, read it and show its preview. */
const previewMs = 10 * 60_000;

/** Ends previews of lists: a list that is watched by now stays; one that got a no, or whose command was lost, is left. */
function endOfPreviews(world: WorldView, at: number): readonly Decision[] {
  return [...world.settings.previews].flatMap(([room, { command, at: since }]) => {
    const act = (action: Action) => [
      decide(action, self(`preview of ${room}`), { at, replaces: String(at) }),
    ];
    const end = { kind: "change-settings", change: { kind: "end-preview", room } } as const;
    if (world.isWanted(room)) return act(end);
    const question = world.questions.ofCommand(command);
    if (question && !question.answer) return [];
    const from = Math.max(since, question?.answer?.at ?? 0);
    const isOver = question?.answer?.yes === false || Math.abs(at - from) > previewMs;
    if (!isOver) return [];
    return act(world.rooms.get(room)?.ownMembership === "join" ? { kind: "leave", room } : end);
  });
}

function self(what: string): Cause {
  return { kind: "self", what };
}
