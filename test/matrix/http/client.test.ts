import { expect, test } from "@jest/globals";
import { path } from "../../../src/matrix/http/client.ts";

test("no id reaches into other parts of an address", () => {
  const hostile = "@a/../../admin?x=1#:evil.example";

  expect(path`/_matrix/client/v3/rooms/${"!room:x"}/state/m.room.member/${hostile}`).toBe(
    "/_matrix/client/v3/rooms/!room%3Ax/state/m.room.member/%40a%2F..%2F..%2Fadmin%3Fx%3D1%23%3Aevil.example",
  );
});
