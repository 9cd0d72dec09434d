/** `protections try`: whom a protection would have met, by the past of the rooms. Reads, and does nothing. */
import { protectionCalled } from "../../automod/called.ts";
import type { Protection } from "../../automod/define.ts";
import { describeDuration, minuteMs, parseDuration, dayMs } from "../../kit/duration.ts";
import { code, count, joined, say, type Say } from "../../kit/say.ts";
import type { RoomId } from "../../model/ids.ts";
import { quoted } from "../../model/quoted.ts";
import { longestTryMs } from "../../model/trial.ts";
import { defineCommand, needed, optional, problem, type CommandContext, type Reply } from "../define.ts";
import { notProtected, roomsMeant } from "../shared/people.ts";
import { roomCalled } from "../shared/several-rooms.ts";
import { namedProtection } from "./named.ts";
import { describeCompared } from "./compared-report.ts";
import { describeTrial } from "./trial-report.ts";

const usualMs = 14 * dayMs;
/** Reading is bounded by itself; after that much the moderator is told that it came to nothing. */
const patienceMs = 10 * minuteMs;

export const protectionsTry = defineCommand({
  words: ["protections", "try"],
  role: "moderator",
  about:
    "Try a protection on the past of the rooms, 14 days unless another span is given: whom it would have met, and what became of them; or two of them on the same past, side by side. It reads, and does nothing.",
  takes: {
    name: needed("word", "its name; new-links@3 is version 3 of one of your own"),
    other: optional("word", "another one, or another version, to compare it with"),
    span: optional("word", "how far back, such as 14d"),
    room: optional("room", "only this room, or this space"),
    more: optional("rest", "further rooms"),
  },
  examples: [
    "protections try flood",
    "protections try flood 3d",
    "protections try mention-limit 14d #lobby:example.org",
    "protections try new-links@3 new-links 7d",
  ],
  reply({ name, other: second, span: third, room, more = "" }, _flags, context) {
    const {
      other,
      span,
      rooms: further,
    } = meantBy(
      [second, third].flatMap((word) => word ?? []),
      context,
    );
    const protection = tryable(name, context);
    if ("say" in protection) return protection;
    const beside = other === undefined ? undefined : tryable(other, context);
    if (beside && "say" in beside) return beside;
    if (beside && name.toLowerCase() === other?.toLowerCase())
      return problem(say`${code(name)} is compared with another one, or with another version of it`);
    const called = name.toLowerCase();
    const tried = resultOf(protection, called, context);
    if (tried) return tried;
    const backMs = span === undefined ? usualMs : parseDuration(span);
    if (backMs === undefined || backMs > longestTryMs)
      return problem(
        say`${code(span ?? "", 50)} is not a span of time up to ${describeDuration(longestTryMs)}, such as ${code("14d")}, nor a protection`,
      );
    const rooms = roomsToRead(
      [...(room ? [room] : []), ...further, ...more.split(/[\s,]+/).filter(Boolean)],
      context,
    );
    if ("text" in rooms) return problem(rooms);
    if (rooms.length === 0) return problem(say`I am in no protected room whose past I could read`);
    if (isAnotherTried(context))
      return problem(say`I am trying another protection just now. Say it again when that is done`);
    return {
      say: say`Trying ${code(called)}${other === undefined ? "" : say` and ${code(other.toLowerCase())}`} on ${describeDuration(backMs)} of ${count(rooms.length, "room")}: I read them, and do nothing. This takes up to five minutes.`,
      acts: [
        {
          action: {
            kind: "try-protection",
            protection: called,
            ...(other === undefined ? {} : { against: other.toLowerCase() }),
            rooms,
            since: context.at - backMs,
          },
        },
      ],
      waitsFor: { kind: "reads", patienceMs },
    };
  },
});

interface Meant {
  readonly other: string | undefined;
  readonly span: string | undefined;
  readonly rooms: readonly string[];
}

/** Words in whatever order: another protection, a span of time, rooms. What is none of them is taken for a span that is mistyped. */
function meantBy(words: readonly string[], context: CommandContext): Meant {
  const rooms = words.filter((word) => /^[#!]|\//.test(word));
  const others = words.filter((word) => !rooms.includes(word));
  const span = others.find((word) => parseDuration(word) !== undefined);
  const [left] = others.filter((word) => word !== span);
  const isName = left !== undefined && (span !== undefined || left.includes("@") || isKnown(left, context));
  return isName ? { other: left, span, rooms } : { other: undefined, span: span ?? left, rooms };
}

function isKnown(name: string, context: CommandContext): boolean {
  return !("say" in namedProtection(name, context));
}

/** By its name, or a version of it by `name@3`: the problem where there is none, or it is no rule. */
function tryable(text: string, context: CommandContext): Protection | Reply {
  const [name = "", version] = text.split("@");
  const known = namedProtection(name, context);
  if ("say" in known && version === undefined) return known;
  const protection = protectionCalled(text, context.registry, context.world.settings);
  if (!protection) {
    const stored = context.world.settings.rules.get(name.toLowerCase());
    if (!stored)
      return "say" in known ? known : problem(say`${code(known.name)} has no versions: it comes with me`);
    const numbers = stored.versions.map(({ number }) => say`${number}`);
    return problem(
      say`${code(text, 60)} cannot be tried: the versions of ${code(name.toLowerCase(), 60)} are ${joined(numbers)}`,
    );
  }
  return protection.rule
    ? protection
    : problem(say`${code(protection.name)} is no rule, and cannot be tried on the past`);
}

/** Undefined before it was tried. `name`: what it is called. */
function resultOf(protection: Protection, name: string, context: CommandContext): Reply | undefined {
  const { earlierReads } = context.lookedUp;
  if (!earlierReads) return undefined;
  const { tried, outcomes, isOverdue } = earlierReads;
  const compared = tried?.report?.compared;
  if (tried?.report && compared) return { say: describeCompared(name, tried.report, { compared, context }) };
  if (tried?.report) return { say: describeTrial(tried.report, protection, context) };
  if (tried) return problem(say`Ended before it was done. Nothing of ${code(name)} is kept`);
  const failed = outcomes.find(({ result }) => result.kind === "failed")?.result;
  const why =
    failed?.kind === "failed" ? quoted(failed.message, 200) : isOverdue ? "it takes too long" : undefined;
  return why === undefined ? undefined : problem(say`I could not try ${code(name)}: ${why}`);
}

type Named = string | { readonly id: RoomId; readonly via: readonly string[]; readonly text: string };

/** Rooms that we are in, each once; the problem where one of them is not protected. */
function roomsToRead(named: readonly Named[], context: CommandContext): readonly RoomId[] | Say {
  const { world } = context;
  const known = [...world.protectedRooms()].map(({ id }) => id);
  if (named.length === 0) return known;
  const meant = new Set<RoomId>();
  for (const one of named) {
    const room = typeof one === "string" ? roomCalled(one, context) : one;
    if (!room) return say`${code(typeof one === "string" ? one : one.text, 100)} is no room that I know`;
    const objection = notProtected(room, world);
    if (objection) return objection;
    for (const id of roomsMeant(room, world) ?? []) meant.add(id);
  }
  return known.filter((id) => meant.has(id));
}

function isAnotherTried({ health }: CommandContext): boolean {
  const { waiting, underWay } = health.atWork();
  return [...waiting, ...underWay].some(({ action }) => action.kind === "try-protection");
}
