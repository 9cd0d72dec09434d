// What undo makes of each change of settings, and what `why` finds it by.

import { describe, expect, test } from "@jest/globals";
import { undo } from "../../src/decisions/undo.ts";
import type { Action } from "../../src/model/actions/action.ts";
import { subjectOf } from "../../src/model/actions/traits.ts";
import { decide } from "../../src/model/decision.ts";
import { inverseOfChange } from "../../src/model/settings/change.ts";
import type { WorldView } from "../../src/model/world/view.ts";
import { RulesInForce } from "../../src/policy/rules-in-force.ts";
import { aWorld, desk, event, hall, listA, listB, room, see, user, usualSettings } from "../support/make.ts";

type Change = Extract<Action, { kind: "change-settings" }>["change"];

const mod = user("@mod:example.org");
const exemption = { entity: "@X:y", reason: "", by: mod, at: 1 };
const attic = room("!attic:example.org");
const inAttic = { room: attic, via: ["x"], space: undefined };
const rule = event("$rule");

const before = {
  ...usualSettings,
  exemptions: new Map([["old.example", { ...exemption, entity: "old.example" }]]),
  spaces: new Map([[room("!space:example.org"), ["x"]]]),
  defaultList: listB,
};

interface Case {
  readonly change: Change;
  readonly about: string | undefined;
  /** What the command keeps with the change. */
  readonly back: Change | undefined;
  /** What somebody else does afterwards, so that the change does not hold any more; none where nothing can. */
  readonly overtakenBy?: Change;
}

const cases: readonly Case[] = [
  {
    change: { kind: "exempt", exemption },
    about: "@x:y",
    back: { kind: "unexempt", entity: "@X:y" },
    overtakenBy: { kind: "exempt", exemption: { ...exemption, at: 2 } },
  },
  {
    change: { kind: "unexempt", entity: "old.example" },
    about: "old.example",
    back: { kind: "exempt", exemption: { ...exemption, entity: "old.example" } },
    overtakenBy: { kind: "exempt", exemption: { ...exemption, entity: "old.example", at: 3 } },
  },
  {
    change: { kind: "protect", room: inAttic },
    about: attic,
    back: { kind: "let-go", room: attic, by: "hand" },
    overtakenBy: { kind: "unprotect", room: attic, excludes: true },
  },
  {
    change: { kind: "unprotect", room: hall, excludes: true },
    about: hall,
    back: { kind: "protect", room: { room: hall, via: [], space: undefined } },
    overtakenBy: { kind: "protect", room: { room: hall, via: ["x"], space: undefined } },
  },
  {
    change: { kind: "follow-space", room: attic, via: ["x"] },
    about: attic,
    back: { kind: "let-go", room: attic, by: "hand" },
    overtakenBy: { kind: "unfollow-space", room: attic },
  },
  {
    change: { kind: "unfollow-space", room: room("!space:example.org") },
    about: "!space:example.org",
    back: { kind: "follow-space", room: room("!space:example.org"), via: ["x"] },
    overtakenBy: { kind: "follow-space", room: room("!space:example.org"), via: [] },
  },
  {
    change: { kind: "hold", room: hall, by: room("!space:example.org") },
    about: hall,
    back: { kind: "let-go", room: hall, by: room("!space:example.org") },
    overtakenBy: { kind: "let-go", room: hall, by: room("!space:example.org") },
  },
  {
    change: { kind: "let-go", room: hall, by: "hand" },
    about: hall,
    back: { kind: "protect", room: { room: hall, via: [], space: undefined } },
    overtakenBy: { kind: "protect", room: { room: hall, via: [], space: undefined } },
  },
  {
    change: { kind: "protect-joined", on: true },
    about: undefined,
    back: { kind: "protect-joined", on: false },
    overtakenBy: { kind: "protect-joined", on: false },
  },
  {
    change: { kind: "watch", list: { room: attic, via: ["x"], liftsBans: true } },
    about: attic,
    back: { kind: "unwatch", list: attic },
    overtakenBy: { kind: "unwatch", list: attic },
  },
  {
    change: { kind: "unwatch", list: listB },
    about: listB,
    back: { kind: "watch", list: { room: listB, via: [], liftsBans: true }, place: 1, isDefault: true },
    overtakenBy: { kind: "watch", list: { room: listB, via: [], liftsBans: true } },
  },
  {
    change: { kind: "trust-list", list: listA, trust: { weight: 50 } },
    about: listA,
    back: { kind: "trust-list", list: listA, trust: {} },
    overtakenBy: { kind: "trust-list", list: listA, trust: { weight: 40 } },
  },
  {
    change: { kind: "set-default-list", list: listA },
    about: listA,
    back: { kind: "set-default-list", list: listB },
    overtakenBy: { kind: "set-default-list", list: undefined },
  },
  {
    change: { kind: "reject", what: [rule], by: mod, at: 1 },
    about: undefined,
    back: { kind: "accept", what: [rule], at: 1 },
    overtakenBy: { kind: "accept", what: [rule], at: 2 },
  },
  {
    change: {
      kind: "set-protection",
      protection: "flood",
      room: hall,
      values: { enabled: true, messages: 5 },
    },
    about: hall,
    back: {
      kind: "set-protection",
      protection: "flood",
      room: hall,
      values: { enabled: null, messages: null },
    },
    overtakenBy: { kind: "set-protection", protection: "flood", room: hall, values: { messages: 6 } },
  },
  {
    change: { kind: "understand", bot: "mjolnir", on: true },
    about: undefined,
    back: { kind: "understand", bot: "mjolnir", on: false },
    overtakenBy: { kind: "understand", bot: "mjolnir", on: false },
  },
  { change: { kind: "accept", what: [rule], at: 1 }, about: undefined, back: undefined },
  { change: { kind: "use-management-room", room: desk }, about: desk, back: undefined },
  { change: { kind: "preview", room: attic, command: event("$c"), at: 1 }, about: attic, back: undefined },
  { change: { kind: "end-preview", room: attic }, about: attic, back: undefined },
];

describe.each(cases.map((one) => [one.change.kind, one] as const))("%s", (_kind, one) => {
  test("is found by whom or what it is about", () => {
    expect(subjectOf({ kind: "change-settings", change: one.change })).toBe(one.about);
  });

  test("is kept together with the change that takes it back", () => {
    expect(inverseOfChange(one.change, before)).toEqual(one.back);
  });

  if (one.back === undefined) return;

  test("is taken back by the change kept with it while it holds", () => {
    const world = aWorld(before);
    see(world, { kind: "settings-changed", change: one.change });

    expect(undone(one, world)).toEqual({ acts: [one.back], not: [] });
  });

  test("is left alone once somebody has changed the same", () => {
    const world = aWorld(before);
    see(world, { kind: "settings-changed", change: one.change });
    see(world, { kind: "settings-changed", change: one.overtakenBy! });

    expect(undone(one, world)).toEqual({ acts: [], not: ["changed"] });
  });
});

test("a change without one that takes it back is not mentioned", () => {
  const world = aWorld(before);
  const { change } = cases.at(-3)!;

  expect(undone({ change, back: undefined }, world)).toEqual({ acts: [], not: [] });
});

function undone({ change, back }: Pick<Case, "change" | "back">, world: WorldView) {
  const action: Action = { kind: "change-settings", change, ...(back ? { back } : {}) };
  const because = {
    kind: "command",
    event: event("$command"),
    by: mod,
    text: "!tyr",
    room: desk,
  } as const;
  const past = {
    decision: decide(action, because, { at: 1, replaces: "" }),
    result: { kind: "done" },
  } as const;
  const { acts, not } = undo([past], {
    world,
    rulesInForce: new RulesInForce(world),
    past: { about: () => [] },
  });
  return {
    acts: acts.map((act) => act.action.kind === "change-settings" && act.action.change),
    not: not.map(({ kind }) => kind),
  };
}
