// Whatever a server sends is decoded without a throw, and what comes of it is believed without one.

import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { decodeInviter, decodeOwnLeave } from "../../src/matrix/sync/decode-own-membership.ts";
import { decodeMembers, decodeState, decodeStateEvent } from "../../src/matrix/sync/decode-state.ts";
import { roomsIn } from "../../src/matrix/sync/decode-sync.ts";
import { decodeRedactable, decodeTimelineEvent } from "../../src/matrix/sync/decode-timeline.ts";
import { ruleEventTypes } from "../../src/model/policy-rule.ts";
import { watchedStateTypes } from "../../src/model/room.ts";
import type { Seen } from "../../src/model/observation.ts";
import { aWorld, desk, listA, lobby, me, user } from "../support/make.ts";

const ann = user("@ann:example.org");

/** A value that does not belong there, or the one that does. */
const oddly = <T>(usual: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 6, arbitrary: usual }, fc.jsonValue({ maxDepth: 3 }));

const types = fc.constantFrom(
  ...watchedStateTypes(ruleEventTypes),
  "m.room.message",
  "m.room.redaction",
  "__proto__",
);
const people = fc.constantFrom<string>(me, ann, "@mod:example.org", "@:", "ann", "@ann:example.org:x:y");

/** Content with the names that our readers look for, and anything at all behind them. */
const content = fc.dictionary(
  fc.constantFrom(
    ...["membership", "reason", "entity", "recommendation", "hashes", "expiry", "redacts", "users"],
    ...["allow", "deny", "allow_ip_literals", "via", "replacement_room", "shortcode", "room_version"],
    ...["predecessor", "additional_creators", "join_rule", "ban", "events", "body", "m.relates_to"],
  ),
  fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom("join", "ban", "leave", "invite", "m.ban", "m.allow", "*", "@*:*", 1e308, -1, "100", ""),
    fc.dictionary(people, fc.jsonValue({ maxDepth: 1 })),
  ),
);

const event = fc.record(
  {
    type: oddly(types),
    state_key: oddly(fc.oneof(fc.constant(""), people)),
    sender: oddly(people),
    event_id: oddly(fc.constantFrom("$a", "$b:example.org", "$c")),
    content: oddly(content),
    origin_server_ts: oddly(fc.integer()),
    redacts: oddly(fc.constantFrom("$a", "$b:example.org")),
    unsigned: oddly(fc.record({ prev_content: content, redacted_because: fc.jsonValue() })),
  },
  { requiredKeys: [] },
);

const anything = fc.oneof({ weight: 4, arbitrary: event }, fc.jsonValue());

test("no event makes decoding throw, and none that is decoded makes the world throw", () => {
  fc.assert(
    fc.property(fc.array(anything, { maxLength: 12 }), fc.boolean(), (raw, late) => {
      const seen: Seen[] = [lobby, listA, desk].flatMap((room) => [
        ...raw.flatMap((one) => decodeTimelineEvent(room, one, { late }) ?? []),
        ...raw.map((one) => decodeStateEvent(room, one)),
        {
          kind: "room-read",
          room,
          state: decodeState(room, raw).events,
          members: decodeMembers({ chunk: raw }),
        },
      ]);
      const world = aWorld();

      for (const one of seen) world.apply({ ...one, at: 1, dueBy: 1 });

      const states = seen.flatMap((one) => (one.kind === "state" ? [one.event] : []));
      expect(states.every(({ content: said }) => typeof said === "object" && said !== null)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test("no answer as a whole makes decoding throw", () => {
  fc.assert(
    fc.property(fc.oneof(anything, fc.array(anything), fc.dictionary(fc.string(), anything)), (raw) => {
      const answers = [
        decodeState(lobby, raw),
        decodeMembers(raw),
        decodeMembers({ chunk: raw }),
        decodeInviter(raw, me),
        decodeOwnLeave(Array.isArray(raw) ? raw : [raw], me),
        decodeRedactable(raw, ann),
        roomsIn(raw),
      ];

      expect(answers.every((answer) => answer !== undefined)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test("events nested tens of thousands deep are decoded like any other", () => {
  const deep = JSON.parse(`${'{"a":['.repeat(20_000)}1${"]}".repeat(20_000)}`) as unknown;
  const raw = {
    type: "m.policy.rule.user",
    state_key: "k",
    sender: ann,
    event_id: "$deep",
    content: { entity: deep, recommendation: deep, reason: deep },
  };

  for (const one of [raw, deep, { ...raw, unsigned: deep }, { ...raw, state_key: deep }]) {
    expect(decodeStateEvent(listA, one).kind).toMatch(/state|malformed/);
    expect(decodeTimelineEvent(listA, one, { late: false })?.kind).toMatch(/state|malformed|message/);
    expect(decodeMembers({ chunk: [one] })).toEqual([]);
  }
});
