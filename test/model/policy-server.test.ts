import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { JsonObject } from "../../src/kit/json.ts";
import { namedPolicyServer } from "../../src/model/named-policy-server.ts";
import {
  policyContent,
  policyType,
  readPolicyServer,
  showsPolicyServer,
  unstablePolicyContent,
  unstablePolicyType,
} from "../../src/model/policy-server.ts";

const key = "A".repeat(43);
const server = { via: "policy.example:8448", key };
const room = (events: Readonly<Record<string, JsonObject>>) => ({
  event: (type: string) => (events[type] ? { content: events[type] } : undefined),
});

describe("the policy server of a room", () => {
  test("is what was written, of either type; the newer one counts, also where it says none", () => {
    const [stable, older] = [policyContent(server), unstablePolicyContent(server)];

    expect(readPolicyServer(room({ [policyType]: stable }))).toEqual(server);
    expect(readPolicyServer(room({ [unstablePolicyType]: older }))).toEqual(server);
    expect(readPolicyServer(room({ [policyType]: {}, [unstablePolicyType]: older }))).toBeUndefined();
  });

  test("is shown to servers of every age only where both events say it", () => {
    const both = room({ [policyType]: policyContent(server), [unstablePolicyType]: {} });
    const cleared = room({ [policyType]: {}, [unstablePolicyType]: unstablePolicyContent(server) });

    expect(showsPolicyServer(both, server)).toBe(false);
    expect(showsPolicyServer(cleared, undefined)).toBe(false);
    expect(showsPolicyServer(room({}), undefined)).toBe(true);
  });

  test.each([
    [{ via: "policy.example" }],
    [{ via: "policy.example", public_keys: { ed25519: "short" } }],
    [{ via: "policy.example", public_keys: { ed25519: `${"A".repeat(42)}!` } }],
    [{ via: "Policy.Example", public_keys: { ed25519: key } }],
    [{ via: "https://policy.example/", public_keys: { ed25519: key } }],
    [{ via: 7, public_keys: { ed25519: key } }],
    [{ via: "policy.example", public_keys: [key] }],
  ])("is none where the event is %j", (content) => {
    expect(readPolicyServer(room({ [policyType]: content }))).toBeUndefined();
  });

  test("is read of anything without throwing", () => {
    fc.assert(
      fc.property(fc.object(), fc.object(), (stable, older) => {
        const events = { [policyType]: stable, [unstablePolicyType]: older } as Record<string, JsonObject>;
        readPolicyServer(room(events));
        showsPolicyServer(room(events), server);
      }),
    );
  });
});

test.each([
  ["policy.example", { via: "policy.example", user: "@policyserv:policy.example" }],
  ["Policy.Example", { via: "policy.example", user: "@policyserv:policy.example" }],
  ["@guard:policy.example:8448", { via: "policy.example:8448", user: "@guard:policy.example:8448" }],
  ["[::1]:8448", { via: "[::1]:8448", user: "@policyserv:[::1]:8448" }],
  ["policy", undefined],
  ["https://policy.example", undefined],
  ["policy.example/x", undefined],
  ["!room:example.org", undefined],
])("%s names %j", (word, named) => {
  expect(namedPolicyServer(word)).toEqual(named);
});
