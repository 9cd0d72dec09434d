/** `policy set` and `policy clear`: which policy server is asked about what is said in protected rooms. */
import { compileGlob } from "../../kit/glob.ts";
import { code, count, lines, say, someOf, type Say } from "../../kit/say.ts";
import { namedPolicyServer, type NamedPolicyServer } from "../../model/named-policy-server.ts";
import {
  isSamePolicyServer,
  policyType,
  readPolicyServer,
  serverNameOf,
  shortKey,
  type PolicyServer,
} from "../../model/policy-server.ts";
import type { RoomView } from "../../model/room.ts";
import type { PolicyWish, PolicyWishes } from "../../model/settings/policy-servers.ts";
import type { WorldView } from "../../model/world/view.ts";
import { clearingOf, isPresentIn, nextFor, wishFor } from "../../policy/policy-servers.ts";
import {
  defineCommand,
  needed,
  optional,
  problem,
  type ArgumentValues,
  type CommandContext,
  type Proposal,
  type Reply,
} from "../define.ts";
import { notProtected } from "../shared/people.ts";
import { aboutPolicyRoom, policyRooms } from "../shared/policy-rooms.ts";
import { roomName } from "../shared/room-names.ts";
import { settingsChange } from "../shared/settings-change.ts";

type Room = ArgumentValues["room"] | undefined;

const named = 5;

export const policySet = defineCommand({
  words: ["policy", "set"],
  role: "admin",
  about:
    "Have a policy server asked. It is asked about everything before it is sent, in all protected rooms, those of later included, or in one. I read its key, show it and ask; I invite its user, and set each room when it has joined. Never in this room.",
  takes: {
    server: needed("word", "its name, or the id of its user where that is not @policyserv:its.name"),
    room: optional("room", aboutPolicyRoom),
  },
  readsFirst: ["policy-server"],
  examples: ["policy set policy.example.org", "policy set @guard:policy.example.org #lobby:example.org"],
  reply({ server: word, room }, _flags, context): Reply {
    const { world, lookedUp } = context;
    const objection = notProtected(room, world);
    if (objection) return problem(objection);
    const its = namedPolicyServer(word);
    if (!its) return problem(say`${code(word, 100)} is no server, and no user of one`);
    const rooms = policyRooms(room, world);
    if (rooms.length === 0) return problem(say`there is no protected room that I am in`);
    const found = lookedUp.policyServer;
    if (!found || "problem" in found)
      return problem(
        say`I have no key of ${code(its.via)}: of ${code(`https://${its.via}/.well-known/matrix/policy_server`)} ${found?.problem ?? "I know nothing yet"}`,
      );
    if (world.self.endsWith(`:${its.via}`))
      return problem(
        say`${code(its.via)} is my own homeserver, which asks no policy server of its own name: what its people say would go out unsigned`,
      );
    return setting({ ...its, ...found }, { room, rooms, context });
  },
});

interface Where {
  readonly room: Room;
  readonly rooms: readonly RoomView[];
  readonly context: CommandContext;
}

function setting(server: PolicyServer & NamedPolicyServer, { room, rooms, context }: Where): Reply {
  const { world, event, by, at, line, isConfirmed, prefix } = context;
  const { via, key, user } = server;
  const wish: PolicyWish = {
    server: { via, key },
    user,
    at,
    command: { event, by, text: line.text.slice(0, 500) },
  };
  const differing = rooms.filter(
    (one) =>
      !isSamePolicyServer(readPolicyServer(one), server) || !isPresentIn(one.id, server, { world, user }),
  );
  if (differing.length === 0 && isSamePolicyServer(wishOf(room, world)?.server ?? undefined, server))
    return {
      say: say`So it is already: ${code(via)} is the policy server of ${count(rooms.length, "room")}.`,
    };
  const away = rooms.filter((one) => !isPresentIn(one.id, server, { world, user }));
  const wishes = new Map(room ? world.settings.policyServers : []);
  if (room) for (const one of rooms) wishes.set(one.id, wish);
  else wishes.set("all", wish);
  const where = count(rooms.length, "room");
  return {
    say: lines(
      say`${code(via)} is a policy server (key ${code(shortKey(server))}, from its well-known address). ${isConfirmed ? "Now" : "From then on"} everything that is said in ${where} waits for it${room ? "" : say`, as in rooms that come to be protected later`}. While it is down, people of most homeservers can say nothing there, and what I do does not get through; ${code(`${prefix} policy clear`)} ends that at once.`,
      away.length > 0
        ? say`${code(user)} has to join first: I invite it to ${count(away.length, "room")} where it is not, and go on when it has. ${code(`${prefix} policy`)} shows how far that is.`
        : undefined,
      ...warnings(server, rooms, context),
    ),
    acts: [
      change("use-policy-servers", wishes),
      ...rooms.flatMap((one) => proposalOf(one, wish, world) ?? []),
    ],
    waitsFor: { kind: "own-question" },
  };
}

function wishOf(room: Room, { settings }: WorldView): PolicyWish | undefined {
  return settings.policyServers.get(room?.id ?? "all");
}

function proposalOf(room: RoomView, wish: PolicyWish, world: WorldView): Proposal | undefined {
  const next = nextFor(room, wish, world);
  const replaces =
    next?.action.kind === "invite" ? `policy ${wish.at}` : (room.event(policyType)?.eventId ?? "");
  return next && { action: next.action, replaces };
}

/** What speaks against it, or has to be known before it. */
function warnings(
  server: PolicyServer & NamedPolicyServer,
  rooms: readonly RoomView[],
  { world, rulesInForce }: CommandContext,
): readonly (Say | undefined)[] {
  const name = serverNameOf(server);
  const banned = rulesInForce.decide(rulesInForce.index.rulesForServer(name));
  const isBanned = banned?.kind === "ban" || rulesInForce.verdict(server.user)?.kind === "ban";
  const denied = rooms.filter((one) => denies(one, name));
  const others = rooms.filter((one) => {
    const now = readPolicyServer(one);
    return now && now.via !== server.via;
  });
  const weak = rooms.filter(({ power }) => power.of(world.self) < power.neededForState(policyType));
  const names = (some: readonly RoomView[]) =>
    someOf(
      some.slice(0, named).map(({ id }) => roomName(id, world, 60)),
      named,
      some.length,
    );
  return [
    isBanned ? say`A list that you follow bans it: I would remove its user again.` : undefined,
    denied.length > 0 ? say`The server ACL of ${names(denied)} denies it: it cannot join there.` : undefined,
    others.length > 0 ? say`It takes the place of another one in ${names(others)}.` : undefined,
    weak.length > 0 ? say`My level is too low to set it in ${names(weak)}.` : undefined,
  ];
}

function denies(room: RoomView, name: string): boolean {
  const deny = room.event("m.room.server_acl")?.content["deny"];
  return (
    Array.isArray(deny) &&
    deny.some((entry) => typeof entry === "string" && compileGlob(entry, { ignoreCase: true }).matches(name))
  );
}

export const policyClear = defineCommand({
  words: ["policy", "clear"],
  role: "moderator",
  about:
    "Ask it no more. People can talk without a policy server then, in all protected rooms or in one. It is done at once and before everything else.",
  takes: {
    room: optional("room", aboutPolicyRoom),
    server: optional("word", "only where it is this server"),
  },
  examples: ["policy clear", "policy clear #lobby:example.org", "policy clear policy.example.org"],
  reply({ room, server }, _flags, { world, at, by, event, line, prefix }) {
    const objection = notProtected(room, world);
    if (objection) return problem(objection);
    const via = server?.toLowerCase();
    const rooms = policyRooms(room, world).filter((one) => via === undefined || isOf(one, via, world));
    const clearings = rooms.flatMap((one) => clearingOf(one) ?? []);
    const command = { event, by, text: line.text.slice(0, 500) };
    const wishes = without(rooms, { via, room, world, none: { server: null, at, command } });
    const { settings } = world;
    const isWanted =
      rooms.some(({ id }) => wishFor(id, settings)?.server) ||
      (!room && namesServer(settings.policyServers.get("all"), via));
    if (clearings.length === 0 && !isWanted)
      return {
        say: say`I know of no policy server ${server ? "by that name" : room ? "there" : "in any protected room"}. ${code(`${prefix} sync`)} reads the rooms again.`,
      };
    return {
      say:
        clearings.length > 0
          ? say`Clearing the policy server of ${count(clearings.length, "room")}: people there can talk without it.`
          : say`No room has it yet, and none gets it any more.`,
      acts: [
        ...clearings.map((action): Proposal => ({
          action,
          replaces: world.rooms.get(action.room)?.event(policyType)?.eventId ?? "",
        })),
        change("drop-policy-servers", wishes),
      ],
      goesFirst: true,
    };
  },
});

/** It is set there, or is to be. */
function isOf(room: RoomView, via: string, { settings }: WorldView): boolean {
  return readPolicyServer(room)?.via === via || wishFor(room.id, settings)?.server?.via === via;
}

/** None is wanted from now on, which also calls off what is under way to be set. */
function without(
  rooms: readonly RoomView[],
  {
    via,
    room,
    world: { settings },
    none,
  }: {
    readonly via: string | undefined;
    readonly room: Room;
    readonly world: WorldView;
    readonly none: PolicyWish;
  },
): PolicyWishes {
  const before = settings.policyServers;
  if (!room && via === undefined) return new Map([["all", none]]);
  const left = new Map(before);
  if (!room && namesServer(before.get("all"), via)) left.set("all", none);
  for (const { id } of rooms) if (room || before.get(id)?.server) left.set(id, none);
  return left;
}

function namesServer(wish: PolicyWish | undefined, via: string | undefined): boolean {
  return wish?.server != null && (via === undefined || wish.server.via === via);
}

function change(kind: "use-policy-servers" | "drop-policy-servers", wishes: PolicyWishes): Proposal {
  return settingsChange({ kind, wishes: [...wishes] });
}
