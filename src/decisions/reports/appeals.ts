/** Who may appeal: whoever is banned here, a few at once, and not again and again. */
import { dayMs, minuteMs } from "../../kit/duration.ts";
import { asString } from "../../kit/json.ts";
import type { RoomEvent } from "../../model/event.ts";
import type { RoomId, UserId } from "../../model/ids.ts";
import type { Case } from "../../model/reports/cases.ts";
import { isHeard } from "../../model/settings/reports.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";

/** Each is a room that we are in. */
const mostAtOnce = 20;
/** Whoever has many banned accounts fills the management room no faster. */
const mostAMinute = 5;
export const againAfterMs = 7 * dayMs;
/** Characters that are kept of what somebody writes. */
export const wordsKept = 1_000;

export interface Appealing {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
  readonly at: number;
}

/** Somebody invites us: a case that waits for their words, where they may appeal. */
export function appealBy(
  user: UserId,
  room: RoomId,
  { world, rulesInForce, at }: Appealing,
): Case | undefined {
  const { stored, settings } = world;
  const { cases } = stored;
  if (!settings.appealing || !world.knowsModerators || world.isSpared(user) || cases.isFull) return undefined;
  const isBanned =
    world.protectedRoomsOf(user, ["ban"]).length > 0 ||
    (rulesInForce.verdict(user)?.kind === "ban" && !rulesInForce.exemptionOf(user));
  if (!isBanned || !isHeard(user, settings, world.dueBy)) return undefined;
  const last = cases.appealOf(user);
  if (last && (!last.isOver || Math.abs(at - last.openedAt) < againAfterMs)) return undefined;
  const rooms = cases.appealRooms();
  const justBegun = rooms.filter((one) => Math.abs(at - cases.appealIn(one)!.openedAt) < minuteMs);
  if (rooms.length >= mostAtOnce || justBegun.length >= mostAMinute) return undefined;
  const words = { room, words: "" };
  return {
    ...{ id: cases.nextId, user, openedAt: at, lastAt: at, voices: [], more: 0, events: [], reports: [] },
    appeal: words,
  };
}

/** With what they have written just now; the same where that says nothing more. */
export function withWords(one: Case, { type, sender, content }: RoomEvent, at: number): Case {
  const text = type === "m.room.message" && sender === one.user ? asString(content["body"])?.trim() : "";
  const { appeal } = one;
  if (!text || !appeal || appeal.words.length >= wordsKept) return one;
  const words = `${appeal.words}\n${text}`.trim().slice(0, wordsKept);
  return { ...one, lastAt: at, appeal: { ...appeal, words } };
}
