import { beforeEach, describe, expect, test } from "@jest/globals";
import { lackOfRoomPower } from "../../../src/decisions/guard/room-power.ts";
import type { RoomNeed } from "../../../src/model/actions/family.ts";
import type { World } from "../../../src/model/world/world.ts";
import { aWorld, live, lobby, me, room, see, state, user } from "../../support/make.ts";

const ann = user("@ann:example.org");
const asked = {
  ban: 60,
  kick: 40,
  redact: 70,
  invite: 20,
  events: {
    "m.room.message": 10,
    "m.room.redaction": 15,
    "m.room.power_levels": 90,
    "m.room.server_acl": 80,
    "m.policy.rule.user": 30,
  },
};

let world: World;
beforeEach(() => {
  world = aWorld();
});

/** What is missing where we have level `own` and Ann level `anns`. */
const missing = (need: RoomNeed, own: number, anns = 0): string => {
  see(world, live(lobby, state("m.room.power_levels", { ...asked, users: { [me]: own, [ann]: anns } })));
  return lackOfRoomPower(need, world)?.why.text ?? "nothing";
};

describe("a level that is one too low is told, and the level itself is enough", () => {
  const where = { room: lobby };
  const whom = { room: lobby, user: ann };
  test.each<[RoomNeed, string, number]>([
    [{ of: "ban", ...whom }, "ban", 60],
    [{ of: "kick", ...whom }, "kick", 40],
    [{ of: "unban", ...whom }, "unban", 60],
    [{ of: "invite", ...where }, "invite", 20],
    [{ of: "message", ...where }, "speak", 10],
    [{ of: "redact", ...where }, "redact", 70],
    [{ of: "server-acl", ...where }, "set the server ACL", 80],
    [{ of: "policy-rules", ...where, eventType: "m.policy.rule.user" }, "write rules", 30],
    [{ of: "levels", ...whom, level: 0 }, "change power levels", 90],
  ])("%j", (need, what, level) => {
    expect(missing(need, level)).toBe("nothing");
    expect(missing(need, level - 1)).toBe(
      `to ${what} in !lobby:example.org I need level ${level} and have ${level - 1}`,
    );
  });
});

test.each(["ban", "kick", "unban"] as const)("nobody of our own level is in reach of a %s", (of) => {
  const need = { of, room: lobby, user: ann };

  expect(missing(need, 100, 99)).toBe("nothing");
  expect(missing(need, 100, 100)).toBe(
    "@ann:example.org has level 100 in !lobby:example.org, as high as mine (100) or higher",
  );
});

describe("of levels", () => {
  const giving = (level: number): RoomNeed => ({ of: "levels", room: lobby, user: ann, level });

  test("none above our own can be given", () => {
    expect(missing(giving(95), 95)).toBe("nothing");
    expect(missing(giving(96), 95)).toBe("I cannot give level 96 in !lobby:example.org, as mine is 95");
  });

  test("none can be changed of somebody with our own level", () => {
    expect(missing(giving(0), 95, 94)).toBe("nothing");
    expect(missing(giving(0), 95, 95)).toContain("has level 95");
  });

  test("our own can be lowered", () => {
    expect(missing({ of: "levels", room: lobby, user: me, level: 0 }, 95)).toBe("nothing");
  });
});

test("where we are not, nothing can be done", () => {
  const elsewhere = room("!elsewhere:example.org");

  expect(lackOfRoomPower({ of: "invite", room: elsewhere }, world)).toMatchObject({
    why: { text: "I am not in !elsewhere:example.org" },
    key: "absent !elsewhere:example.org",
  });
});
