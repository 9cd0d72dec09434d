/** The results of `tyr check`: what the world shows and what a start would do, and how both are printed. */
import { listName, roomName } from "../commands/shared/room-names.ts";
import { closingTimeMs, usualEveryMs } from "../commands/shared/rate-limits.ts";
import { troubleOf } from "../commands/shared/room-trouble.ts";
import { describeRoughly } from "../kit/duration.ts";
import type { Health } from "../model/health.ts";
import type { Action, ActionKind } from "../model/actions/action.ts";
import { roomOf } from "../model/actions/traits.ts";
import { words } from "../model/actions/words.ts";
import type { RoomId } from "../model/ids.ts";
import type { WorldView } from "../model/world/view.ts";

export interface CheckResult {
  readonly weight: "ok" | "warning" | "problem";
  /** One or two words: what was looked at. */
  readonly about: string;
  readonly text: string;
}

/** People named in one line; the others are counted. */
const namedPeople = 10;

export function ok(about: string, text: string): CheckResult {
  return { weight: "ok", about, text };
}

export function warning(about: string, text: string): CheckResult {
  return { weight: "warning", about, text };
}

export function problem(about: string, text: string): CheckResult {
  return { weight: "problem", about, text };
}

/** Everything that the world shows. `wanted`: what a start would do. */
export function resultsOf(
  world: WorldView,
  { health, wanted, prefix }: { health: Health; wanted: readonly Action[]; prefix: string },
): readonly CheckResult[] {
  return [
    ...managementRoom(world),
    ...rooms(world, prefix),
    ...lists(world, prefix),
    ...pace(world),
    ...health.lost.map(({ text }) => warning("address", text)),
    ...now(world, wanted),
  ];
}

/** The text that is printed: a line for each result, and the verdict at the end. */
export function render(results: readonly CheckResult[]): string {
  const width = Math.max(...results.map(({ about }) => about.length));
  const lines = results.map(
    ({ weight, about, text }) => `${weight.padEnd(7)}  ${about.padEnd(width)}  ${text}`,
  );
  return `${[...lines, "", verdict(results)].join("\n")}\n`;
}

function verdict(results: readonly CheckResult[]): string {
  const counted = (weight: CheckResult["weight"]) => results.filter((one) => one.weight === weight).length;
  const [problems, warnings] = [counted("problem"), counted("warning")];
  const more = warnings === 0 ? "" : `, and ${plural(warnings, "warning")} to look at`;
  if (problems > 0)
    return `${plural(problems, "problem")} to put right${more}. docs/troubleshooting.md has more on each.`;
  return `All is well${more}. Nothing was written to any room.`;
}

function managementRoom(world: WorldView): readonly CheckResult[] {
  const about = "management room";
  const id = world.settings.managementRoom;
  const room = id && world.rooms.get(id);
  if (!room) return [];
  const people = [...world.members.membersOf(id, ["join"])].filter((user) => user !== world.self);
  const named = people.slice(0, namedPeople).join(", ");
  const more = people.length > namedPeople ? ` and ${people.length - namedPeople} more` : "";
  const name = `${roomName(id, world).text} (${id}${room.isEncrypted ? ", encrypted" : ""})`;
  const invited = [...world.members.membersOf(id, ["invite"])].slice(0, namedPeople).join(", ");
  if (people.length === 0 && invited !== "")
    return [warning(about, `${name}: may command once they have accepted the invitation: ${invited}`)];
  if (people.length === 0)
    return [warning(about, `nobody but Tyr is in ${name}, so nobody can command it. Invite moderators.`)];
  return [ok(about, `${name}: ${plural(people.length, "person", "people")} may command: ${named}${more}`)];
}

function rooms(world: WorldView, prefix: string): readonly CheckResult[] {
  const all = [...world.protectedIds()];
  if (all.length === 0)
    return [
      warning("rooms", `none is protected yet: ${prefix} rooms add #room:server in the management room`),
    ];
  const troubled = all.flatMap((id) => roomTrouble(id, world) ?? []);
  const well = all.length - troubled.length;
  return [
    ...(well > 0
      ? [ok("rooms", `${well} of ${plural(all.length, "protected room")} with every right that is needed`)]
      : []),
    ...troubled,
  ];
}

function roomTrouble(id: RoomId, world: WorldView): CheckResult | undefined {
  const trouble = troubleOf(id, world);
  if (!trouble) return undefined;
  const text = `${roomName(id, world).text} (${id}): ${trouble.text}`;
  return isYetToJoin(id, world) ? warning("room", text) : problem("room", text);
}

/** Whether the start would join the room: only then can be seen whether that works. */
function isYetToJoin(id: RoomId, world: WorldView): boolean {
  const room = world.rooms.get(id);
  return room?.ownMembership !== "join" && room?.wasRemoved !== true;
}

function lists(world: WorldView, prefix: string): readonly CheckResult[] {
  if (world.settings.lists.length === 0)
    return [
      warning(
        "lists",
        `none is watched yet: ${prefix} lists watch #list:server or ${prefix} lists create NAME`,
      ),
    ];
  return world.settings.lists.map(({ room: id }) => {
    const list = world.lists.get(id);
    const name = listName(id, world).text.replace(/^list /, "");
    const trouble = troubleOf(id, world);
    if (trouble) {
      const text = `${name} (${id}): ${trouble.text}`;
      return isYetToJoin(id, world) ? warning("list", text) : problem("list", text);
    }
    const odd =
      list && list.malformed.size > 0
        ? `, ${plural(list.malformed.size, "event")} that look like rules and are none`
        : "";
    if (list && list.leftOut > 0)
      return warning(
        "list",
        `${name}: ${plural(list.leftOut, "rule")} beyond limits.rulesPerList or limits.rules not applied`,
      );
    return ok("list", `${name}: ${plural(list?.size ?? 0, "rule")}${odd}`);
  });
}

/** A limit shows only when it is met, which is when there is no time to have it lifted. */
function pace(world: WorldView): readonly CheckResult[] {
  const rooms = [...world.protectedIds()].length;
  const closingMs = closingTimeMs(rooms, usualEveryMs);
  if (closingMs === 0) return [];
  const text = `closing all ${plural(rooms, "room")} to a wave takes a write each: with the limits that a Synapse has by itself about ${describeRoughly(closingMs)}. Its administrator can exempt Tyr, if it is not exempt yet: docs/setup.md, Rate limits`;
  return [ok("pace", text)];
}

/** What a start would lead to. */
function now(world: WorldView, wanted: readonly Action[]): readonly CheckResult[] {
  const byKind = Map.groupBy(wanted, ({ kind }) => kind);
  const acts = [...byKind].flatMap(([kind, actions]) => phrase(kind, actions) ?? []);
  const questions = world.questions.open();
  return [
    ok("now", acts.length === 0 ? "nothing to do" : `Tyr would ${acts.join("; ")}`),
    ...questions.map(({ say }) =>
      warning("now", `waits for a moderator's yes: ${say.text.replaceAll("\n", " ").slice(0, 300)}`),
    ),
  ];
}

function phrase(kind: ActionKind, actions: readonly Action[]): string | undefined {
  const { check } = words[kind];
  if (check === "silent") return undefined;
  const places = plural(new Set(actions.map((action) => roomOf(action) ?? "")).size, "room");
  if (kind === "join") return `join ${places}`;
  const people = new Set(actions.flatMap((action) => ("user" in action ? (action.user ?? []) : []))).size;
  const whom = people === 0 ? "" : ` ${plural(people, "person", "people")}`;
  return `${check}${whom} in ${places}`;
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
}
