// Which traits of an account are kept, where it shows more of a class than are kept.

import { expect, test } from "@jest/globals";
import { Accounts } from "../../src/waves/accounts.ts";
import { user } from "../support/make.ts";

const picture = (key: string) => ({ class: "media", key, shown: "pictures" }) as const;

test("what others have, too, is kept, and what nobody else has goes", () => {
  const accounts = new Accounts();
  const [ann, bob] = ["@ann:a.example", "@bob:b.example"].map((id) => accounts.make(user(id), 0, () => {}));
  accounts.give(bob!, picture("look:same"));

  accounts.give(ann!, picture("look:same"));
  for (let i = 0; i < 20; i++) accounts.give(ann!, picture(`file:${i}`));

  expect(ann!.traits.map(({ key }) => key)).toContain("look:same");
});

test("of those that nobody else has the last ones are kept", () => {
  const accounts = new Accounts();
  const ann = accounts.make(user("@ann:a.example"), 0, () => {});

  for (const i of [0, 1, 2, 3, 0, 4]) accounts.give(ann, picture(`file:${i}`));

  const kept = ann.traits.map(({ key }) => key);
  expect(kept).toContain("file:0");
  expect(kept).toContain("file:4");
});
