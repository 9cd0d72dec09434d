import { beforeEach, expect, test } from "@jest/globals";
import { HeldMessages, type Released } from "../../../src/management-room/hearing/held-messages.ts";
import type { ObservationOf } from "../../../src/model/observation.ts";
import { desk, event, lobby, user } from "../../support/make.ts";

let held: HeldMessages;
beforeEach(() => {
  held = new HeldMessages();
});

const message = (id: string, { late = false, sentAt = 0 } = {}): ObservationOf<"message"> => ({
  kind: "message",
  room: desk,
  late,
  at: 0,
  dueBy: 0,
  event: { type: "m.room.message", sender: user("@mod:x"), eventId: event(id), content: {}, sentAt },
});
const ids = (messages: readonly Released[]) => messages.map(({ message }) => message.event.eventId);
const overtaken = (messages: readonly Released[]) => ids(messages.filter(({ isOvertaken }) => isOvertaken));

test("nothing waits without a gap", () => {
  held.begin(lobby, 0);

  expect(held.hold(message("$a"))).toBe(false);
  expect(held.end(desk)).toEqual([]);
});

test("what a gap held comes before what was said after it", () => {
  held.begin(desk, 0);
  held.hold(message("$after", { sentAt: 1 }));
  held.hold(message("$within", { late: true, sentAt: 5 }));

  expect(ids(held.end(desk))).toEqual(["$within", "$after"]);
  expect(held.hold(message("$later"))).toBe(false);
});

test("of several gaps the last one ends the wait, and times tell the order", () => {
  held.begin(desk, 0);
  held.hold(message("$b", { sentAt: 2 }));
  held.begin(desk, 1);
  held.hold(message("$c", { late: true, sentAt: 3 }));
  held.hold(message("$a", { late: true, sentAt: 1 }));

  expect(held.end(desk)).toEqual([]);
  expect(ids(held.end(desk))).toEqual(["$a", "$b", "$c"]);
});

test("nothing waits for longer than ten seconds, nor when the clock was set back", () => {
  held.begin(desk, 1_000);
  held.hold(message("$a"));
  expect([held.nextAt(), held.overdue(10_999).length]).toEqual([11_000, 0]);
  expect(ids(held.overdue(11_000))).toEqual(["$a"]);
  expect(held.nextAt()).toBeUndefined();

  held.begin(desk, 1_000);
  held.hold(message("$b"));
  expect(ids(held.overdue(999))).toEqual(["$b"]);
});

test("of very much the newest thousand wait", () => {
  held.begin(desk, 0);
  for (let i = 0; i < 1_001; i++) held.hold(message(`$${i}`));

  const kept = ids(held.end(desk));
  expect([kept.length, kept[0]]).toEqual([1_000, "$1"]);
});

test("a stop overtakes what waits, and what is read of the time before it", () => {
  held.begin(desk, 0);
  held.hold(message("$waits", { sentAt: 3 }));

  held.overtake(10);
  held.hold(message("$read", { late: true, sentAt: 2 }));
  held.hold(message("$later", { sentAt: 11 }));

  expect(overtaken(held.end(desk))).toEqual(["$read", "$waits"]);
});

test("a stop overtakes nothing of a gap that comes after it", () => {
  held.overtake(10);
  held.begin(desk, 11);
  held.hold(message("$read", { late: true, sentAt: 9 }));

  expect(overtaken(held.end(desk))).toEqual([]);
});
