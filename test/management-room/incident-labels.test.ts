import { expect, test } from "@jest/globals";
import type { Distrust } from "../../src/management-room/distrust.ts";
import { IncidentLabels } from "../../src/management-room/incident-labels.ts";
import { aWorld, desk, event, live, lobby, member, see, state, user } from "../support/make.ts";

const mod = user("@mod:example.org");

/** What a 👎 on the message of an incident leads to. */
function labelled(why: Distrust | undefined, { level }: { readonly level?: number } = {}) {
  const world = aWorld();
  const found = { incident: "i", protection: "flood", room: lobby, at: 1, acts: true };
  see(world, live(desk, member(mod, "join")), { kind: "rule-hit", hit: found as never });
  if (level !== undefined)
    see(world, live(desk, state("m.room.power_levels", { users: { [mod]: level } })), {
      kind: "settings-changed",
      change: { kind: "set-roles", levels: { admin: 100, moderator: 50 } },
    });
  const told = { kind: "tell", key: "i" } as never;
  const labels = new IncidentLabels({ world, past: { ofMessage: () => told }, distrust: () => why });
  const content = { "m.relates_to": { rel_type: "m.annotation", event_id: "$told", key: "👎" } };
  const reaction = { type: "m.reaction", sender: mod, eventId: event("$reaction"), content, sentAt: 6 };
  return labels.proposes({
    seen: [{ kind: "message", room: desk, event: reaction, late: false, at: 6, dueBy: 6 }],
  });
}

test("a reaction that is not obeyed says of no incident whether it was right", () => {
  expect(labelled(undefined)).toHaveLength(1);
  expect(labelled("reaction")).toEqual([]);
});

test("with roles it takes a moderator", () => {
  expect(labelled(undefined, { level: 50 })).toHaveLength(1);
  expect(labelled(undefined, { level: 49 })).toEqual([]);
});
