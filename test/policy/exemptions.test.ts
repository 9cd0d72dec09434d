import { expect, test } from "@jest/globals";
import { changeSettings } from "../../src/model/settings/change.ts";
import { noSettings } from "../../src/model/settings/settings.ts";
import { Exemptions } from "../../src/policy/exemptions.ts";
import { Members } from "../../src/model/members.ts";
import { lobby, server, user } from "../support/make.ts";
import { usualLimits } from "../support/limits.ts";

const exemptions = (...entities: readonly string[]) => exemptionsWhere([], ...entities);
/** `known`: who is in a room. */
const exemptionsWhere = (known: readonly string[], ...entities: readonly string[]) => {
  const members = new Members(1);
  for (const one of known)
    members.set(lobby, user(one), { membership: "join", eventId: "$1", isOurs: false });
  return new Exemptions({ members, settings: settingsOf(entities) });
};
const settingsOf = (entities: readonly string[]) =>
  entities.reduce(
    (settings, entity) =>
      changeSettings(
        settings,
        { kind: "exempt", exemption: { entity, reason: "", by: "@mod:x", at: 0 } },
        usualLimits,
      ),
    noSettings,
  );

test.each([
  ["@ann:example.org", "@ann:example.org", true],
  ["@Ann:Example.org", "@ann:example.org", true],
  ["@ann:example.org", "@annie:example.org", false],
  ["@bridge_*:example.org", "@bridge_7:example.org", true],
  ["@bridge_*:example.org", "@me:example.org", false],
  ["example.org", "@anybody:Example.org:8448", true],
  ["example.org", "@anybody:evil-example.org", false],
  ["*.example.org", "@anybody:deep.example.org", true],
  ["*.example.org", "@anybody:example.org", false],
])("%s spares %s: %p", (entity, who, isSpared) => {
  expect(exemptions(entity).ofUser(user(who)) !== undefined).toBe(isSpared);
});

test("another spelling of an id is another person where somebody bears the one that is exempt", () => {
  const spares = exemptionsWhere(["@Ann:example.org"], "@Ann:example.org");

  expect(spares.ofUser(user("@ann:example.org"))).toBeUndefined();
  expect(spares.ofUser(user("@Ann:example.org"))?.entity).toBe("@Ann:example.org");
});

test("servers are spared by their name or a glob, and not by a person on them", () => {
  expect(exemptions("example.org").ofServer(server("EXAMPLE.org:8448"))?.entity).toBe("example.org");
  expect(exemptions("*.org").ofServer(server("example.org"))?.entity).toBe("*.org");
  expect(exemptions("@ann:example.org").ofServer(server("example.org"))).toBeUndefined();
});

test("nobody is spared without an exemption", () => {
  expect(exemptions().ofUser(user("@ann:example.org"))).toBeUndefined();
});
