import { beforeEach, expect, test } from "@jest/globals";
import { noticingPolicyServers } from "../../src/lifecycle/noticing-policy-servers.ts";
import type { Performed } from "../../src/matrix/perform/attempt.ts";
import type { Action } from "../../src/model/actions/action.ts";
import { decide } from "../../src/model/decision.ts";
import type { Seen } from "../../src/model/observation.ts";
import { policyContent } from "../../src/model/policy-server.ts";
import type { World } from "../../src/model/world/world.ts";
import { aWorld, hall, live, lobby, member, see, state } from "../support/make.ts";
import { oneOfEach } from "../support/one-of-each.ts";

const { signal } = new AbortController();
const refused: Performed = { kind: "failed", lasting: false, code: "M_FORBIDDEN", message: "spam" };
const silent: Performed = { kind: "unavailable", everywhere: false, message: "Internal server error" };

let world: World;
beforeEach(() => {
  world = aWorld();
  const content = policyContent({ via: "policy.example", key: "A".repeat(43) });
  see(world, live(lobby, state("m.room.policy", content)));
  see(world, live(lobby, member("@policyserv:policy.example", "join")));
});

async function performed(action: Action, result: Performed, tookMs = 10) {
  const seen: Seen[] = [];
  let now = 0;
  const perform = noticingPolicyServers(
    () => {
      now += tookMs;
      return Promise.resolve(result);
    },
    { world, clock: { now: () => now }, receive: (some) => void seen.push(...some) },
  );
  const decision = decide(action, { kind: "self", what: "test" }, { at: 0, replaces: "" });
  return { result: await perform(decision, signal), seen };
}

test("what is refused is told as the policy server's doing", async () => {
  const { result, seen } = await performed(oneOfEach.redact, refused);

  expect(result).toEqual({ ...refused, message: "the policy server policy.example refused it (spam)" });
  expect(seen).toEqual([{ kind: "policy-trouble", room: lobby, how: "refused" }]);
});

test("no answer and a slow one are noticed, and change nothing", async () => {
  expect(await performed(oneOfEach.redact, silent)).toEqual({
    result: silent,
    seen: [{ kind: "policy-trouble", room: lobby, how: "silent" }],
  });
  expect(await performed(oneOfEach.redact, { kind: "done" }, 10_000)).toEqual({
    result: { kind: "done" },
    seen: [{ kind: "policy-trouble", room: lobby, how: "slow" }],
  });
});

test.each<[string, Action, Performed]>([
  ["what is done in time", oneOfEach.redact, { kind: "done" }],
  ["a refusal for another reason", oneOfEach.redact, { ...refused, code: "M_NOT_FOUND" }],
  ["a limit", oneOfEach.redact, { kind: "limited", retryAfterMs: 1 }],
  ["that nothing at all can be reached", oneOfEach.redact, { ...silent, everywhere: true }],
  ["a read", oneOfEach["read-bans"], silent],
  ["that it is cleared itself", oneOfEach["clear-policy-server"], refused],
  ["another room", { ...oneOfEach.redact, room: hall }, refused],
])("%s is not its doing", async (_what, action, result) => {
  expect(await performed(action, result)).toEqual({ result, seen: [] });
});

test("a server of which nobody is in the room is not asked there", async () => {
  see(world, live(lobby, member("@policyserv:policy.example", "leave")));

  expect(await performed(oneOfEach.redact, refused)).toEqual({ result: refused, seen: [] });
});
