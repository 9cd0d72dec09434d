import { describe, expect, test } from "@jest/globals";
import { distrustOf, type TrustSettings } from "../../src/management-room/distrust.ts";
import type { RoomEvent, Sealed } from "../../src/model/event.ts";
import type { EncryptionHealth } from "../../src/model/health.ts";
import type { RoomId } from "../../src/model/ids.ts";
import type { WorldView } from "../../src/model/world/view.ts";
import { event, lobby, room, user } from "../support/make.ts";

const usual: TrustSettings = { commandsFrom: "signed", answersBy: "reactions", protectedRooms: false };
const on: EncryptionHealth = { kind: "on", device: "D", fingerprint: "f" };

function why(
  sealed: Sealed | undefined,
  {
    type = "m.room.message",
    isEncrypted = true,
    health = on,
    settings = usual,
    isRepeated = false,
    managementRoom = lobby,
  }: {
    type?: string;
    isEncrypted?: boolean;
    health?: EncryptionHealth;
    settings?: TrustSettings;
    isRepeated?: boolean;
    managementRoom?: RoomId;
  } = {},
) {
  const world = {
    settings: { managementRoom },
    rooms: new Map([[lobby, { isEncrypted }]]),
    stored: { openedWords: { isRepeated: () => isRepeated } },
  } as unknown as WorldView;
  const said: RoomEvent = {
    type,
    sender: user("@mod:example.org"),
    eventId: event("$e"),
    content: {},
    sentAt: 1,
    ...(sealed ? { sealed } : {}),
  };
  return distrustOf({ room: lobby, event: said }, { world, encryption: () => health, ...settings });
}

const signed: Sealed = { by: "signed", place: "s 1" };

describe("words in an encrypted room", () => {
  test("are obeyed from a device that its owner has signed", () => {
    expect(why(signed)).toBeUndefined();
  });

  test("are not obeyed in clear where what is encrypted can be read", () => {
    expect(why(undefined)).toBe("clear");
  });

  test("are obeyed in clear where encryption cannot be had", () => {
    expect(why(undefined, { health: { kind: "off", why: "x" } })).toBeUndefined();
  });

  test.each(["starting", "idle"] as const)(
    "are not obeyed in clear while encryption is %s, however long the homeserver makes that last",
    (kind) => {
      expect(why(undefined, { health: { kind } })).toBe("clear");
    },
  );

  test("that are a reaction count, as none is ever encrypted, unless words alone are to count", () => {
    const type = "m.reaction";

    expect(why(undefined, { type })).toBeUndefined();
    expect(why(undefined, { type, settings: { ...usual, answersBy: "words" } })).toBe("reaction");
  });

  test.each(["unsigned", "unknown"] as const)("are not obeyed from a device that is %s", (by) => {
    expect(why({ by, place: "s 1" })).toBe("device");
    expect(why({ by, place: "s 1" }, { settings: { ...usual, commandsFrom: "any" } })).toBeUndefined();
  });

  test("with somebody else's key are never obeyed", () => {
    expect(why({ by: "forged", place: "s 1" }, { settings: { ...usual, commandsFrom: "any" } })).toBe(
      "forged",
    );
  });

  test("that were read before as another event are not obeyed once more", () => {
    expect(why(signed, { isRepeated: true })).toBe("repeated");
  });
});

test("in an encrypted protected room clear words are obeyed as ever, unless it is read", () => {
  const managementRoom = room("!other:example.org");

  expect(why(undefined, { managementRoom })).toBeUndefined();
  expect(why(undefined, { managementRoom, settings: { ...usual, protectedRooms: true } })).toBe("clear");
});

test("in a room that is not encrypted nothing is asked of words", () => {
  expect(why(undefined, { isEncrypted: false })).toBeUndefined();
  expect(why(undefined, { isEncrypted: false, type: "m.reaction" })).toBeUndefined();
});
