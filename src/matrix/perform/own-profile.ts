/** Our own name and picture. What was there before is told: nobody could look it up any more. */
import { asString } from "../../kit/json.ts";
import type { ActionOf } from "../../model/actions/action.ts";
import { path } from "../http/client.ts";
import type { ActContext } from "./act-context.ts";
import { isNotFound } from "./refusals.ts";
import type { Done } from "./results.ts";

export async function setProfile(
  { field, value }: ActionOf<"set-profile">,
  { reads, writes, self, isRepeated }: ActContext,
): Promise<Done> {
  const where = path`/_matrix/client/v3/profile/${self}/${field}`;
  const found = await reads.call("GET", where).catch((fault: unknown) => {
    if (isNotFound(fault)) return {};
    throw fault;
  });
  const before = asString((found as Readonly<Record<string, unknown>>)[field]) ?? "";
  if (before === value && !isRepeated) return { kind: "done", isUnchanged: true };
  await writes.call("PUT", where, { body: { [field]: value } });
  return { kind: "done", note: before === "" ? "there was none before" : `before: ${before.slice(0, 200)}` };
}
