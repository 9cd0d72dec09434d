/** What another trust in lists changes here, in words: who is let go, who is hit, and which servers. */
import { code, count, plain, say, someOf, type Say } from "../../kit/say.ts";
import type { ServerName, UserId } from "../../model/ids.ts";
import type { Moved, TrustPreview } from "../../policy/impact/trust-preview.ts";

/** So many are named; the others are counted. */
const named = 5;

/** Whether anything would be done to somebody who is here, or taken back. */
export function isAnybodyIn({ letGo, banned, muted, unmuted, denied, readmitted }: TrustPreview): boolean {
  return [letGo, banned, muted, unmuted, denied, readmitted].some((those) => those.length > 0);
}

/** `tense`: before a yes it "would" be so, and afterwards it "will". */
export function describeTrustPreview(preview: TrustPreview, tense: "would" | "will"): readonly Say[] {
  const { people, letGo, banned, muted, unmuted, asked, flagged, denied, readmitted } = preview;
  const moved = new Set([...letGo, ...banned, ...muted, ...unmuted, ...asked].map(({ user }) => user));
  const flags = new Set(flagged);
  const onlyFlagged = flagged.filter((user) => !moved.has(user));
  const isFlagged = letGo.length > 0 && letGo.every(({ user }) => flags.has(user));
  const others = people - moved.size - onlyFlagged.length;
  return [
    people === 0
      ? say`It names nobody who is here now.`
      : say`It names ${count(people, "person", "people")} here${others > 0 ? say`, of whom ${others} ${others === 1 ? "stays" : "stay"} as they are` : ""}.`,
    ...peopleLine(letGo, isFlagged ? say`${tense} be let go and flagged` : say`${tense} be let go`),
    ...peopleLine(banned, say`${tense} be banned`),
    ...peopleLine(muted, say`${tense} be muted`),
    ...peopleLine(unmuted, say`${tense} have their voice back`),
    ...peopleLine(asked, say`${tense} wait for a yes of yours`),
    ...(onlyFlagged.length > 0
      ? [say`${count(onlyFlagged.length, "person", "people")} ${tense} be flagged: ${namesOf(onlyFlagged)}.`]
      : []),
    ...serversLine(denied, say`${tense} be denied`),
    ...serversLine(readmitted, say`${tense} be let in again`),
    ...entriesLine(preview.entries, tense),
  ];
}

function peopleLine(people: readonly Moved[], what: Say): readonly Say[] {
  if (people.length === 0) return [];
  const items = people
    .slice(0, named)
    .map(
      ({ user, rule: { reason } }) =>
        say`${code(user, 80)} (${reason === "" ? "no reason" : say`"${plain(reason, 60)}"`})`,
    );
  return [say`${count(people.length, "person", "people")} ${what}: ${someOf(items, named, people.length)}.`];
}

function namesOf(people: readonly UserId[]): Say {
  return someOf(
    people.slice(0, named).map((user) => code(user, 80)),
    named,
    people.length,
  );
}

function serversLine(servers: readonly ServerName[], what: Say): readonly Say[] {
  if (servers.length === 0) return [];
  const items = servers.slice(0, named).map((server) => code(server, 80));
  return [
    say`${count(servers.length, "server")} of people here ${what}: ${someOf(items, named, servers.length)}.`,
  ];
}

function entriesLine(entries: number, tense: "would" | "will"): readonly Say[] {
  if (entries === 0) return [];
  const how = entries > 0 ? "more" : "fewer";
  return [say`Server ACLs ${tense} have ${count(Math.abs(entries), `${how} entry`, `${how} entries`)}.`];
}
