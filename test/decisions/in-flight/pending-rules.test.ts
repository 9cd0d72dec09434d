import { beforeEach, describe, expect, test } from "@jest/globals";
import { sha256Base64 } from "../../../src/kit/hash.ts";
import { aWorld, event, hall, listA, listB, lobby, user } from "../../support/make.ts";
import { oneOfEach } from "../../support/one-of-each.ts";
import { aFlight, byCommand, decided, refusedForGood, type Flight } from "./flight.ts";

let flight: Flight;
beforeEach(() => {
  flight = aFlight(aWorld());
});

const ann = user("@ann:example.org");
const bob = user("@bob:other.example");
const writing = (entity: string, because = byCommand()) =>
  decided({ ...oneOfEach["write-policy"], stateKey: entity, content: { entity } }, because);
const done = { kind: "done", eventId: event("$written") } as const;

describe("a rule of ours that is on its way", () => {
  test("names those whom its glob matches, whatever their case, on its list alone", () => {
    flight.handedOver(writing("@A*:example.org"));

    expect(flight.isPending(listA, ann, lobby)).toBe(true);
    expect(flight.isPending(listA, bob, lobby)).toBe(false);
    expect(flight.isPending(listB, ann, lobby)).toBe(false);
  });

  test("names by its hash whom it means, and is on its way no more once it has ended", () => {
    const hashes = { sha256: sha256Base64(ann) };
    const hashed = decided({ ...oneOfEach["write-policy"], content: { hashes } }, byCommand());
    flight.handedOver(hashed);
    expect([ann, bob].map((one) => flight.isPending(listA, one, lobby))).toEqual([true, false]);

    flight.ended({ decision: hashed, result: done });
    expect(flight.isPending(listA, ann, lobby)).toBe(false);
  });

  test("is on its way no more once it has ended, however it ended", () => {
    for (const result of [done, refusedForGood]) {
      flight.handedOver(writing(ann));
      expect(flight.isPending(listA, ann, lobby)).toBe(true);

      flight.ended({ decision: writing(ann), result });
      expect(flight.isPending(listA, ann, lobby)).toBe(false);
    }
  });

  test("that is written twice is on its way until the second has ended", () => {
    flight.handedOver(writing(ann));
    flight.handedOver(writing(ann));

    flight.ended({ decision: writing(ann), result: done });

    expect(flight.isPending(listA, ann, lobby)).toBe(true);
  });
});

describe("rooms in which something was held back for it", () => {
  test("are told once, when no rule is on its way to the list any more", () => {
    flight.handedOver(writing(ann));
    flight.handedOver(writing(bob));
    flight.isPending(listA, ann, lobby);
    flight.isPending(listA, bob, hall);

    flight.ended({ decision: writing(ann), result: done });
    expect(flight.takeHeldBack(listA)).toEqual([]);

    flight.ended({ decision: writing(bob), result: done });
    expect(flight.takeHeldBack(listA)).toEqual([lobby, hall]);
    expect(flight.takeHeldBack(listA)).toEqual([]);
  });

  test("are none where nobody asked about somebody whom it names", () => {
    flight.handedOver(writing(ann));
    flight.isPending(listA, bob, hall);

    flight.ended({ decision: writing(ann), result: done });

    expect(flight.takeHeldBack(listA)).toEqual([]);
  });
});

describe("the command behind a rule", () => {
  const { list, eventType } = oneOfEach["write-policy"];
  const place = { list, eventType, stateKey: ann };

  test("is known by the rule's place until the act has ended", () => {
    flight.handedOver(writing(ann));
    expect(flight.commandBehind(place)).toEqual(byCommand());
    expect(flight.commandBehind({ ...place, stateKey: bob })).toBeUndefined();

    flight.ended({ decision: writing(ann), result: done });
    expect(flight.commandBehind(place)).toBeUndefined();
  });

  test("is known for a rule that it removes, too", () => {
    flight.handedOver(decided(oneOfEach["remove-policy"]));

    expect(flight.commandBehind(oneOfEach["remove-policy"])).toEqual(byCommand());
  });

  test("is none where no command asked for it", () => {
    flight.handedOver(
      decided(oneOfEach["remove-policy"], { kind: "expiry", event: "$rule", entity: "@ann:example.org" }),
    );

    expect(flight.commandBehind(oneOfEach["remove-policy"])).toBeUndefined();
  });
});
