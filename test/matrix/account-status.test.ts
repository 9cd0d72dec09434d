import { expect, test } from "@jest/globals";
import { AccountStatus } from "../../src/matrix/account-status.ts";
import { faultFrom } from "../../src/matrix/http/errors.ts";

const locked = faultFrom(401, {}, { errcode: "M_USER_LOCKED", error: "locked" });
const suspended = faultFrom(403, {}, { errcode: "M_USER_SUSPENDED", error: "suspended" });
const forbidden = faultFrom(403, {}, { errcode: "M_FORBIDDEN", error: "no" });

function watched() {
  const told: (string | undefined)[] = [];
  return { told, status: new AccountStatus((trouble) => told.push(trouble)) };
}

test("a refusal of one act says nothing about the account", () => {
  const { told, status } = watched();

  status.refused(forbidden, "ban");

  expect(told).toEqual([]);
  expect(status.trouble).toBeUndefined();
});

test("trouble is told once, however many acts are refused", () => {
  const { told, status } = watched();

  status.refused(locked, "ban");
  status.refused(suspended, "kick");

  expect(told).toEqual(["locked"]);
  expect(status.trouble).toBe("locked");
});

test("it lasts while other acts succeed, and ends with one that was refused", () => {
  const { told, status } = watched();
  status.refused(suspended, "tell");

  status.succeeded("leave");
  expect(status.trouble).toBe("suspended");
  status.succeeded("tell");

  expect(told).toEqual(["suspended", undefined]);
  expect(status.trouble).toBeUndefined();
});

test("when it comes again it is told again", () => {
  const { told, status } = watched();
  status.refused(suspended, "tell");
  status.succeeded("tell");

  status.refused(locked, "tell");

  expect(told).toEqual(["suspended", undefined, "locked"]);
});
