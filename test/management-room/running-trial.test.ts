// Who ends the try of a protection that goes on, and how many there are.

import { expect, test } from "@jest/globals";
import type { Distrusting } from "../../src/management-room/distrust.ts";
import { RunningTrial } from "../../src/management-room/running-trial.ts";
import { decide, type Decision } from "../../src/model/decision.ts";
import type { Seen } from "../../src/model/observation.ts";
import type { World } from "../../src/model/world/world.ts";
import { aWorld, desk, event, live, lobby, member, see, state, user } from "../support/make.ts";

const mod = "@mod:example.org";
const tried = (command = "$command"): Decision =>
  decide(
    { kind: "try-protection", protection: "flood", rooms: [lobby], since: 1 },
    { kind: "command", event: event(command), by: user(mod), text: "protections try flood" },
    { at: 5, replaces: "" },
  );
const told: Decision = decide(
  {
    kind: "tell",
    room: desk,
    key: "$command",
    revision: 0,
    say: { text: "", html: "" },
    edits: undefined,
    replyTo: undefined,
  },
  { kind: "self", what: "test" },
  { at: 5, replaces: "" },
);
const reaction = (key: string, to: string, { by = mod, room = desk } = {}): Seen => ({
  kind: "message",
  room,
  late: false,
  event: {
    type: "m.reaction",
    sender: user(by),
    eventId: event("$reaction"),
    content: { "m.relates_to": { rel_type: "m.annotation", event_id: to, key } },
    sentAt: 6,
  },
});
const begun = (distrust: Distrusting = () => undefined) => {
  const world: World = aWorld();
  see(world, live(desk, member(mod, "join")));
  const running = new RunningTrial(world, distrust);
  const trial = running.begin(tried())!;
  running.ended({ decision: told, result: { kind: "done", eventId: event("$answer") } });
  const sees = (seen: Seen) => running.seen({ seen: [{ ...seen, at: 7, dueBy: 7 }] });
  return { world, running, trial, sees };
};

test.each([
  ["❌ on the answer", reaction("❌", "$answer"), true],
  ["❌ on the command", reaction("❌", "$command"), true],
  ["✅ on the answer", reaction("✅", "$answer"), false],
  ["❌ on another message", reaction("❌", "$other"), false],
  ["❌ of somebody who is no moderator", reaction("❌", "$answer", { by: "@who:x" }), false],
  ["❌ in another room", reaction("❌", "$answer", { room: lobby }), false],
  [
    "stop",
    { kind: "settings-changed", change: { kind: "stop", stop: { by: user(mod), at: 6 } } } as const,
    true,
  ],
  ["time", { kind: "tick", retryRooms: false } as const, false],
])("%s", (_what, seen, isEnded) => {
  const { trial, sees } = begun();

  sees(seen);

  expect(trial.isCalledOff()).toBe(isEnded);
});

test("with roles it takes a moderator", () => {
  const { world, trial, sees } = begun();
  see(world, {
    kind: "settings-changed",
    change: { kind: "set-roles", levels: { admin: 100, moderator: 50 } },
  });

  see(world, live(desk, state("m.room.power_levels", { users: { [mod]: 49 } })));
  sees(reaction("❌", "$answer"));
  expect(trial.isCalledOff()).toBe(false);
  see(world, live(desk, state("m.room.power_levels", { users: { [mod]: 50 } })));
  sees(reaction("❌", "$answer"));

  expect(trial.isCalledOff()).toBe(true);
});

test("while anybody can join the management room, nobody ends it there", () => {
  const { world, trial, sees } = begun();
  see(world, live(desk, state("m.room.join_rules", { join_rule: "public" })));

  sees(reaction("❌", "$answer"));

  expect(trial.isCalledOff()).toBe(false);
});

test("words that are not obeyed end nothing", () => {
  const { trial, sees } = begun(({ room }) => (room === desk ? "device" : undefined));

  sees(reaction("❌", "$answer"));

  expect(trial.isCalledOff()).toBe(false);
});

test("one at a time; the same may begin anew, and another one once it has ended", () => {
  const { running } = begun();

  expect(running.begin(tried("$another"))).toBeUndefined();
  expect(running.begin(tried())).toBeDefined();
  running.ended({ decision: tried(), result: { kind: "done" } });
  expect(running.begin(tried("$another"))).toBeDefined();
});
