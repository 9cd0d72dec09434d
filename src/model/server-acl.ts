/** Reading `m.room.server_acl` as leniently as Synapse does, and telling hand-made entries from our own. */
import { asArray, stringsOf, type JsonObject } from "../kit/json.ts";
import type { ServerAclContent } from "./actions/server-acl.ts";

/** `undefined` where the content is no ACL at all: invalid, or redacted. */
export function readServerAcl(content: JsonObject | undefined): ServerAclContent | undefined {
  if (!content || (!asArray(content["allow"]) && !asArray(content["deny"]))) return undefined;
  return {
    allow: stringsOf(content["allow"]),
    deny: stringsOf(content["deny"]),
    allow_ip_literals: content["allow_ip_literals"] !== false,
  };
}

/** The entries of the new event that people made, as opposed to those that we wrote. */
export function entriesByHand(
  after: ServerAclContent | undefined,
  {
    before,
    beforeByHand,
    isOurs,
  }: { before: ServerAclContent | undefined; beforeByHand: readonly string[]; isOurs: boolean },
): readonly string[] {
  if (!after) return [];
  const present = new Set(after.deny);
  if (isOurs) return beforeByHand.filter((entry) => present.has(entry));
  const byHand = new Set(beforeByHand);
  const ours = new Set((before?.deny ?? []).filter((entry) => !byHand.has(entry)));
  return after.deny.filter((entry) => !ours.has(entry));
}

/** Whether both say the same, in whatever order. */
export function isSameAcl(a: ServerAclContent, b: ServerAclContent): boolean {
  return (
    a.allow_ip_literals === b.allow_ip_literals && isSameSet(a.allow, b.allow) && isSameSet(a.deny, b.deny)
  );
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  // An ACL that we wrote has our order, and comparing in order is quicker than comparing sets.
  if (a.length === b.length && a.every((entry, i) => entry === b[i])) return true;
  const [x, y] = [new Set(a), new Set(b)];
  return x.size === y.size && a.every((entry) => y.has(entry));
}
