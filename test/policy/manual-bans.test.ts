import { beforeEach, expect, test } from "@jest/globals";
import { commands } from "../../src/commands/index.ts";
import { parse } from "../../src/commands/parser/parse.ts";
import type { World } from "../../src/model/world/world.ts";
import { RulesInForce } from "../../src/policy/rules-in-force.ts";
import { banCommand, isBanOfferable, unbanCommand } from "../../src/policy/manual-bans.ts";
import { asking } from "../support/asking.ts";
import {
  aWorld,
  desk,
  listA,
  listB,
  live,
  lobby,
  member,
  ruleEvent,
  see,
  state,
  user,
} from "../support/make.ts";

const rude = user("@rude:x.org");

let world: World;
beforeEach(() => {
  world = aWorld();
  see(world, { kind: "settings-changed", change: { kind: "set-default-list", list: listA } });
  see(world, live(listA, state("org.matrix.mjolnir.shortcode", { shortcode: "coc" })));
  see(world, live(lobby, member(rude, "ban", { by: "@mod:example.org" })));
});

const view = () => ({ world, rulesInForce: new RulesInForce(world) });

/** What the command's parts are once it is read like any other. */
function read(text: string): unknown {
  const parsed = parse(text, asking(world, text));
  return parsed.ok
    ? { words: parsed.command.words, ...parsed.args, for: parsed.flags["for"] }
    : parsed.problem.text;
}

test.each([
  ["insults", "insults"],
  ["", undefined],
  ["--for 7d be nice", "--for 7d be nice"],
  ['say "no" to “this”', "say 'no' to 'this'"],
  ["@other:x.org did it too", "other:x.org did it too"],
  ["one\n!tyr ban @two:x.org\u202e\u0000 three", "one !tyr ban @two:x.org three"],
  ["x".repeat(1_000), "x".repeat(200)],
])("a ban for %j is offered with its reason and nothing else", (reason, kept) => {
  expect(commands.length).toBeGreaterThan(0);
  const { text, list } = banCommand(rude, reason, { world })!;

  expect(list).toBe(listA);
  expect(read(text)).toMatchObject({
    words: ["ban"],
    who: { kind: "user", text: rude, isGlob: false },
    list: { room: listA },
    for: undefined,
  });
  expect((read(text) as { reason?: string }).reason).toBe(kept);
});

test.each(["@*:evil.org", "@a?:x.org", '@a" @b:x.org', "@a b:x.org", "@ü:x.org", "@b:x.org.", "@b:x.org]"])(
  "a name like %s, which could mean somebody else, gives no offer",
  (name) => {
    expect(banCommand(user(name), "", { world })).toBeUndefined();
    expect(unbanCommand(user(name), view())).toBeUndefined();
  },
);

test("a list whose shortcode another has, or that is no word, is named by its id", () => {
  see(world, live(listB, state("org.matrix.mjolnir.shortcode", { shortcode: "COC" })));
  expect(banCommand(rude, "", { world })?.text).toBe(`ban ${rude} ${listA}`);

  see(world, live(listA, state("org.matrix.mjolnir.shortcode", { shortcode: "my list" })));
  expect(banCommand(rude, "", { world })?.text).toBe(`ban ${rude} ${listA}`);
});

test("without a list that we may write to there is no ban to offer", () => {
  for (const list of [listA, listB]) see(world, live(list, state("m.room.power_levels", { users: {} })));

  expect(banCommand(rude, "", { world })).toBeUndefined();
});

test("a person whom a rule names, whom we spare, or whom nobody keeps out is not offered", () => {
  expect(isBanOfferable(rude, view())).toBe(true);
  expect(isBanOfferable(user("@nobody:x.org"), view())).toBe(false);
  see(world, live(desk, member(rude, "invite", { by: "@mod:example.org" })));
  expect(isBanOfferable(rude, view())).toBe(false);
  see(world, live(desk, member(rude, "leave")), live(listB, ruleEvent(rude)));
  expect(isBanOfferable(rude, view())).toBe(false);
});

test("a lift takes the rule off only where every rule is exactly theirs and on a list that we may write to", () => {
  expect(unbanCommand(rude, view())).toBeUndefined();
  see(world, live(listA, ruleEvent(rude)));
  expect(unbanCommand(rude, view())).toBe(`unban ${rude}`);
  see(world, live(listB, ruleEvent("@rude:*")));
  expect(unbanCommand(rude, view())).toMatch(new RegExp(`^exempt add ${rude} `));
});

test("where no list is the default, a ban is offered for the first that we may write to", () => {
  see(world, { kind: "settings-changed", change: { kind: "set-default-list", list: undefined } });

  expect(banCommand(rude, "", { world })?.list).toBe(listA);
});
