// The sentences of a report, with the figures of one that has everything.

import { expect, test } from "@jest/globals";
import { Registry } from "../../../src/automod/registry.ts";
import { readRuleFiles } from "../../../src/automod/rule-files.ts";
import { describeTrial } from "../../../src/commands/protections/trial-report.ts";
import type { SettingValues } from "../../../src/model/settings/protections.ts";
import type { TrialReport } from "../../../src/model/trial-report.ts";
import { asking } from "../../support/asking.ts";
import { aWorld, event, hall, lobby, see, user } from "../../support/make.ts";

const day = 86_400_000;
const by = user("@mod:example.org");
/** The rule and its list, written in the room. */
function aWorldWithRule() {
  const world = aWorld();
  const text = `rule: new-links
when: author is newcomer and any link where (domain not in our-links)
then: redact
`;
  see(
    world,
    {
      kind: "settings-changed",
      change: { kind: "edit-rule-list", list: "our-links", of: "links", add: ["example.org"], remove: [] },
    },
    {
      kind: "settings-changed",
      change: { kind: "write-rule", rule: "new-links", version: { number: 1, text, by, at: 0 }, inForce: 1 },
    },
  );
  return world;
}
const whole: TrialReport = {
  read: {
    from: 0,
    countedFrom: 3 * day,
    until: 14 * day,
    isCut: false,
    events: 48_000,
    rooms: 43,
    unread: [],
    redacted: 312,
    kept: 0,
  },
  messages: 61,
  people: { right: 38, wrong: 4, unknown: 2 },
  regulars: { now: 2, byThen: 0, gone: 0 },
  spared: 0,
  removed: { all: 51, met: 38, unseen: 6 },
  byRoom: [
    { room: lobby, messages: 43 },
    { room: hall, messages: 18 },
  ],
  wrongDomains: [
    { what: "youtu.be", times: 3 },
    { what: "gnome.org", times: 1 },
  ],
  untold: { messages: 7, parts: [{ what: "author is newcomer", times: 7 }] },
  examples: [{ room: lobby, event: event("$one"), user: user("@one:x"), fate: "wrong" }],
};
const told = (report: Partial<TrialReport> = {}, settings: Partial<SettingValues> = {}) => {
  const world = aWorldWithRule();
  see(world, {
    kind: "settings-changed",
    change: { kind: "set-protection", protection: "new-links", values: settings as SettingValues },
  });
  const context = { ...asking(world, ""), registry: new Registry([]) };
  const [protection] = context.registry.known(world.settings).all;
  return describeTrial({ ...whole, ...report }, protection!, context);
};

test("everything in one", () => {
  expect(told().text.split("\n")).toEqual([
    "new-links on 14 days: 61 messages of 44 people would have been redacted.",
    "Read: 48,000 events of 43 rooms. The first 3 days only told who is who.",
    "• 38 people were banned or removed, by you or by a list: right",
    "• 4 people still write here, 2 of them are regulars today: wrong",
    "• 2 unknown",
    "Precision 90 % (at least 78 % with so few).",
    "It would have met 38 of the 51 people who were banned or removed in that time; of 6 of them nothing is left to see.",
    "No staff. No regular as of that day.",
    "Wrong ones: youtu.be (3), gnome.org (1)",
    "→ !tyr protections links our-links add youtu.be, gnome.org",
    "By room: !lobby:example.org 43 · !hall:example.org 18.",
    "Could not tell for 7 messages (unknown: author is newcomer (7)).",
    "Redacted and not kept: 312 events, not seen.",
    "Times are those at which messages were sent, as their servers say. Nothing of it is kept.",
    "1 of the 61 messages, with links:",
    "• wrong: @one:x in !lobby:example.org",
    "Go on: !tyr protections ask new-links",
  ]);
});

test("a link to each message, in the list that clients fold away", () => {
  expect(told().html).toContain('<a href="https://matrix.to/#/!lobby%3Aexample.org/%24one">');
});

test("what asks or acts already has no next step", () => {
  for (const mode of ["ask", "act"]) expect(told({}, { mode }).text).not.toContain("Go on");
  expect(told({}, { mode: "act", enabled: false }).text).toContain("Go on: !tyr protections ask new-links");
});

test("a list that comes from a file cannot be added to from here", () => {
  const text =
    "links: our-links\nentries: [ example.org ]\n---\nrule: new-links\nwhen: any link.domain not in our-links\nthen: redact\n";
  const own = readRuleFiles(["own.yaml"], () => text, []);
  const context = { ...asking(aWorld(), ""), registry: new Registry([], { own }) };
  const [protection] = context.registry.known(context.world.settings).all;

  expect(describeTrial(whole, protection!, context).text).not.toContain("protections links");
});

test.each([
  [
    "nobody",
    { messages: 0, people: { right: 0, wrong: 0, unknown: 0 }, examples: [], wrongDomains: [] },
    "nobody would have been met",
  ],
  [
    "regulars who left",
    { regulars: { now: 0, byThen: 1, gone: 1 } },
    "3 people still write here, 1 who was regular by then has left: wrong",
  ],
  ["staff", { spared: 2 }, "It fits messages of 2 people who are always left alone (staff, exempt)."],
  ["nobody removed", { removed: { all: 0, met: 0, unseen: 0 } }, "so I cannot tell whom it misses"],
  ["only unknown", { people: { right: 0, wrong: 0, unknown: 3 } }, "3 unknown\nIt would"],
  ["too much to read", { read: { ...whole.read, isCut: true } }, "43 rooms; more would have been too much."],
  [
    "rooms that could not be read",
    { read: { ...whole.read, unread: [{ room: hall, why: "<b>no</b> @room" }] } },
    "Not read: !hall:example.org: <b>no</b> @\u2060room.",
  ],
] as const)("%s", (_what, report, sentence) => {
  expect(told(report).text).toContain(sentence);
});
