import { describe, expect, test } from "@jest/globals";
import { commands } from "../../src/commands/index.ts";
import { roleOfAnswer, roleOfLine } from "../../src/commands/role-of-words.ts";
import type { QuestionAbout } from "../../src/model/question.ts";
import { lobby, user } from "../support/make.ts";

const of = (about: object, yes: boolean) => roleOfAnswer({ about: about as QuestionAbout }, yes, commands);
const someone = user("@olga:x");

describe("a line", () => {
  test.each([
    ["", "viewer"],
    ["status", "viewer"],
    ["nothing that I know", "viewer"],
    ["BAN @a:x", "moderator"],
    ["unban", "moderator"],
    ["lists", "viewer"],
    ["lists unwatch coc", "admin"],
    ["exempt", "viewer"],
    ["exempt add @a:x", "admin"],
    ["roles", "viewer"],
    ["roles off", "admin"],
    ["undo staff @a:x", "moderator"],
  ])("%p is for %s", (line, role) => {
    expect(roleOfLine(line, commands)).toBe(role);
  });
});

describe("an answer", () => {
  const command = { kind: "command", room: lobby };
  const ban = { action: { kind: "ban", room: lobby, user: someone } };
  const protect = { action: { kind: "change-settings", change: { kind: "protect" } } };
  test.each([
    ["to an offer to ban", { kind: "offer", offer: "ban", text: "ban @a:x" }, "moderator", "moderator"],
    [
      "to an offer to exempt",
      { kind: "offer", offer: "unban", text: "exempt add @a:x" },
      "admin",
      "moderator",
    ],
    [
      "to an offer of a room",
      { kind: "offer", offer: "protect", text: "rooms add !a:x" },
      "admin",
      "moderator",
    ],
    [
      "to a dropped command",
      { kind: "offer", offer: "again", text: "it", kept: { line: "lists create x" } },
      "admin",
      "moderator",
    ],
    ["to a harmless offer", { kind: "offer", offer: "again", text: "status" }, "moderator", "moderator"],
    ["to a command of an admin's", { ...command, role: "admin" }, "admin", "moderator"],
    ["to a command of a moderator's", { ...command, role: "moderator" }, "moderator", "moderator"],
    ["to a command from before there were roles", command, "admin", "moderator"],
    ["about findings", { kind: "findings", acts: [ban] }, "moderator", "moderator"],
    ["about findings that change more", { kind: "findings", acts: [ban, protect] }, "admin", "moderator"],
    [
      "about a wave",
      { kind: "wave", ifFine: "waves fine 1", ifNot: "waves clean 1" },
      "moderator",
      "moderator",
    ],
    [
      "about who knocks",
      { kind: "knocks", ifYes: "knocks allow all", ifNo: "knocks deny all" },
      "moderator",
      "moderator",
    ],
    ["about rules", { kind: "rules", list: lobby, rules: [] }, "moderator", "moderator"],
    ["about held messages", { kind: "held" }, "moderator", "moderator"],
  ])("%s", (_, about, yes, no) => {
    expect([of(about, true), of(about, false)]).toEqual([yes, no]);
  });
});
