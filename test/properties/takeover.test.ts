// Whatever stands in account data and state: it is read without a throw, told, and written back without loss.

import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { asArray, asObject } from "../../src/kit/json.ts";
import { parseRoomId } from "../../src/model/ids.ts";
import { accountKeys, draupnirVersion } from "../../src/takeover/account-data.ts";
import { accountDataWrites } from "../../src/takeover/account-data-writes.ts";
import { readTakeover } from "../../src/takeover/read-all.ts";
import { takeoverSummary } from "../../src/takeover/summary.ts";
import { parseAddress } from "../../src/takeover/earlier-bot.ts";
import { protectionsOf } from "../../src/automod/registry.ts";
import { fits } from "../../src/automod/settings.ts";
import { shipped } from "../../src/protections/shipped.ts";

const protections = new Map(protectionsOf(shipped).map((one) => [one.name, one]));

const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<unknown>;
const often = <T>(usual: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 5, arbitrary: usual }, json);
const text = fc.constantFrom(
  ...["!a:x", "!b", "#c:x", "https://matrix.to/#/!a:x?via=x", "https://matrix.to/#/%", "?", ""],
);
const name = fc.constantFrom(
  ...["BasicFloodingProtection", "MentionSpam", "MentionLimitProtection", "WordList", "__proto__"],
  ...["MemberBanSynchronisationProtection", "anti_flood", "max_mentions", "no_media", "toString"],
);
const settings = fc.dictionary(
  fc.constantFrom("maxPerMinute", "maxMentions", "limit", "per", "max_infractions", "warningText"),
  often(fc.integer()),
);
const content = often(
  fc.record(
    {
      rooms: often(fc.array(often(text))),
      references: often(fc.array(often(text))),
      enabled: often(fc.array(often(name))),
      shortcode: often(text),
      room: often(text),
      lists: often(
        fc.array(often(fc.record({ room_id: often(text), dont_apply: json }, { requiredKeys: [] }))),
      ),
      skip_acl: often(fc.array(often(text))),
      protections: often(fc.dictionary(name, often(settings))),
      userConsequences: often(fc.record({ capability_provider_name: often(fc.constant("Simulated")) })),
      [draupnirVersion]: often(fc.integer({ min: 0, max: 9 })),
    },
    { requiredKeys: [] },
  ),
);
const accountData = fc
  .dictionary(fc.constantFrom(...Object.values(accountKeys)), content)
  .map((data) => new Map(Object.entries(data)));
const type = fc.constantFrom(
  ...["fi.mau.meowlnir.protected_rooms", "fi.mau.meowlnir.watched_lists", "org.matrix.mjolnir.setting"],
  "me.marewolf.draupnir.set_capability_provider",
);
const state = often(
  fc.array(
    often(fc.record({ type: often(type), state_key: often(fc.oneof(fc.constant(""), name)), content })),
  ),
);

test("reading and telling never throws, and nothing is taken over that is no address or no setting", () => {
  fc.assert(
    fc.property(accountData, state, fc.boolean(), (data, events, writesAcls) => {
      const taken = readTakeover({ accountData: data, state: events }, { writesAcls, prefix: "!tyr" });

      takeoverSummary(taken, { rooms: [], lists: [], defaultList: undefined, notTakenOver: [] });
      for (const { id } of [...taken.rooms, ...taken.lists]) expect(id).toMatch(/^[!#]/);
      for (const { becomes, values } of taken.protections) {
        const specs = protections.get(becomes)?.settings ?? {};
        const misfits = Object.entries(values).filter(([name, value]) => {
          const spec = specs[name];
          return !spec || !fits(spec, value);
        });
        expect([becomes, misfits]).toEqual([becomes, []]);
      }
    }),
    { numRuns: 500 },
  );
});

test("whatever stands in a key is still there after we wrote it, but for rooms of ours that went", () => {
  const ours = fc.array(fc.constantFrom<string>("!a:x", "!b", "!d:x"));
  fc.assert(
    fc.property(content, ours, ours, (there, wanted, before) => {
      const standing = asObject(there) ?? {};
      const merged = accountDataWrites[0]!.merge({
        current: standing,
        lastWritten: { rooms: before },
        ours: { rooms: wanted },
        roomOf: (reference) => parseRoomId(parseAddress(reference)?.id),
      });

      const { rooms: _, ...others } = standing;
      expect(merged ?? standing).toMatchObject(others);
      const roomOf = (entry: unknown) =>
        typeof entry === "string" ? parseRoomId(parseAddress(entry)?.id) : undefined;
      const now = asArray((merged ?? standing)["rooms"]) ?? [];
      for (const room of new Set(wanted))
        expect(now.filter((one) => roomOf(one) === room).length).toBeGreaterThan(0);
      const foreign = (asArray(standing["rooms"]) ?? []).filter(
        (entry) => !before.includes(roomOf(entry) ?? "none"),
      );
      expect(now).toEqual(expect.arrayContaining(foreign));
    }),
    { numRuns: 500 },
  );
});
