/** `protections explain`: why the protections would find an event, or would not. Does nothing, and counts nothing. */
import {
  valuesOf,
  type ExplainedPart,
  type Explanation,
  type Mode,
  type PassedOver,
  type Protection,
} from "../../automod/define.ts";
import { isImmune } from "../../decisions/respond/immunity.ts";
import { asString } from "../../kit/json.ts";
import { bullets, code, joined, lines, plain, say, someOf, type Say } from "../../kit/say.ts";
import type { RoomEvent } from "../../model/event.ts";
import type { RoomId } from "../../model/ids.ts";
import type { EventKind, EventSighting } from "../../model/signals/sighting.ts";
import { defineCommand, needed, optional, problem, type CommandContext } from "../define.ts";
import { notProtected } from "../shared/people.ts";
import { roomName } from "../shared/room-names.ts";
import { knownIn, namedProtection } from "./named.ts";

/** Protections explained in full, and named of the others. */
const explained = 8;
const named = 20;
/** Of "or", and of links. */
const partsShown = 6;

export const protectionsExplain = defineCommand({
  words: ["protections", "explain"],
  role: "viewer",
  about:
    "Show why protections would find a message, or would not: each part of their conditions with what it comes to.",
  takes: {
    event: needed("event", "a link to the message, or reply to it"),
    name: optional("word", "only this protection"),
  },
  examples: [
    "protections explain https://matrix.to/#/!room:example.org/$event",
    "protections explain https://matrix.to/#/!room:example.org/$event flood",
  ],
  readsFirst: ["event"],
  reply({ event: { room }, name }, _flags, context) {
    const { world, lookedUp } = context;
    const objection = notProtected({ id: room, via: [], text: room }, world);
    if (objection) return problem(objection);
    const one = name === undefined ? undefined : namedProtection(name, context);
    if (one && "say" in one) return one;
    const event = lookedUp.named;
    if (!event)
      return problem(say`I could not read that message in ${roomName(room, world)}. Am I allowed to see it?`);
    if (event.sender === world.self) return problem(say`that is mine, and no protection looks at it`);
    if (Object.keys(event.content).length === 0)
      return problem(say`it was redacted: nothing is left of it to look at`);
    return { say: lines(...describe(event, { room, one, context })) };
  },
});

interface Asked {
  readonly room: RoomId;
  /** Undefined: all of them. */
  readonly one: Protection | undefined;
  readonly context: CommandContext;
}

interface Looked {
  readonly protection: Protection;
  readonly explanation: Explanation | undefined;
  readonly state: Mode | "off";
}

function describe(event: RoomEvent, asked: Asked): readonly (Say | undefined)[] {
  const { room, one, context } = asked;
  const { world, prefix } = context;
  const sighting = sightingOf(event, asked);
  const all = (one ? [one] : knownIn(context).all).map((protection): Looked => {
    const values = valuesOf(protection, world.settings, room);
    const explanation = protection.rule?.explain(sighting, values);
    return { protection, explanation, state: values.enabled ? values.mode : "off" };
  });
  // Without a name those that are off are left out: there are dozens of them.
  const looking = one ? all : all.filter(({ state }) => state !== "off");
  const near = one ? all : looking.filter(({ explanation }) => explanation && isNear(explanation));
  const far = looking.filter((looked) => !near.includes(looked) && looked.explanation);
  const shown = near.toSorted((a, b) => order(a) - order(b)).slice(0, explained);
  return [
    say`${code(event.sender, 100)} in ${roomName(room, world)}, as it was when it was sent; counts and people as I know them now:`,
    shown.length > 0
      ? bullets(shown.map((looked) => describeOne(looked, sighting, context)))
      : say`No protection comes near to finding it.`,
    near.length > shown.length ? say`${near.length - shown.length} more come near.` : undefined,
    far.length > 0
      ? say`Far from it: ${someOf(
          far.map(({ protection }) => code(protection.name)),
          named,
        )}. ${code(`${prefix} protections explain <link> <name>`)} shows one of them.`
      : undefined,
  ];
}

/** What fits first, then what is on. */
function order({ explanation, state }: Looked): number {
  return (explanation?.holds === "yes" ? 0 : 2) + (state === "off" || state === "shadow" ? 1 : 0);
}

/** It fits, or all but one part do. Of two parts one holds often enough to tell nothing. */
function isNear({ holds, parts }: Explanation): boolean {
  const held = parts.filter((part) => part.holds === "yes").length;
  return holds === "yes" || (parts.length > 2 && parts.length - held === 1);
}

function describeOne(
  { protection, explanation, state }: Looked,
  sighting: EventSighting,
  context: CommandContext,
): Say {
  const stands = { off: say` (off)`, shadow: say` (in shadow)`, alert: "", ask: "", act: "" }[state];
  const name = say`${code(protection.name)}${stands}`;
  if (!explanation) return say`${name} does not look at such events.`;
  const parts = joined(explanation.parts.map(describePart), " · ");
  return say`${name} ${verdict(protection, explanation, { sighting, context })}: ${parts}`;
}

function verdict(
  protection: Protection,
  { holds }: Explanation,
  { sighting, context }: { readonly sighting: EventSighting; readonly context: CommandContext },
): Say {
  if (holds === "no") return plain("does not fit");
  if (holds === "unknown") return plain("does not fit, as something is unknown");
  const values = valuesOf(protection, context.world.settings, sighting.room);
  const passes = protection.rule?.passesOver(sighting);
  if (passes !== undefined) return plain(`fits, but ${passesBy[passes]}`);
  return plain(isImmune(sighting, values, context) ? "fits, but leaves its author alone" : "fits");
}

const passesBy: Readonly<Record<PassedOver, string>> = {
  elsewhere: "looks in other rooms alone",
  "not now": "looks only while the room is in another mode",
  "left alone": "leaves its author or the room alone (except)",
};

function describePart({ written, holds, found, parts }: ExplainedPart): Say {
  const mark = holds === "yes" ? "✓" : holds === "no" ? "✗" : "?";
  const what = found === "" ? code(written, 200) : say`${code(written, 200)} (${plain(found, 100)})`;
  if (parts.length === 0) return say`${what} ${mark}`;
  const inner = parts.slice(0, partsShown).map(describePart);
  return say`${what} ${mark} [${someOf(inner, partsShown, parts.length)}]`;
}

/** As it was when it was sent: read again, it reaches us late. */
function sightingOf(event: RoomEvent, { room, context }: Asked): EventSighting {
  const { world, at: now } = context;
  const at = event.sentAt > 0 ? Math.min(event.sentAt, now) : now;
  const { recentSpeech: speech } = world;
  return { kind: kindOf(event), room, user: event.sender, event, at, late: true, world, speech };
}

const memberships: Readonly<Record<string, EventKind>> = { join: "join", leave: "leave", knock: "knock" };

function kindOf({ type, content }: RoomEvent): EventKind {
  if (type !== "m.room.member") return "message";
  return memberships[asString(content["membership"]) ?? ""] ?? "message";
}
