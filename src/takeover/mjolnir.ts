/** What a Mjolnir left: account data of its user, and its protections' settings in the management room's state. */
import { asObject, asString } from "../kit/json.ts";
import { code, say } from "../kit/say.ts";
import { accountKeys, hasAny, madeByUs, readAccountData, settingsIn } from "./account-data.ts";
import { firstMedia, joinWave, like, wordList } from "./detectors.ts";
import { flood, mapProtections, mentionLimit, missing, toCome, type Counterpart } from "./protections.ts";
import { shown, type EarlierBot, type Traces } from "./earlier-bot.ts";

export function readMjolnir(traces: Traces): EarlierBot | undefined {
  const { rooms, lists, protections, defaultList } = accountKeys;
  if (!hasAny(traces, [rooms, lists, protections, defaultList])) return undefined;
  const found = readAccountData(traces);
  const mapped = mapProtections(found.enabled ?? [], counterparts, settingsIn(traces));
  const content = traces.accountData.get(defaultList);
  const shortcode = asString(asObject(content)?.["shortcode"]);
  const unreadableDefault =
    content !== undefined && shortcode === undefined
      ? [say`${code(defaultList)} names no list, but says ${shown(content)}`]
      : [];
  const isOurs = asObject(traces.accountData.get(rooms))?.[madeByUs] === true;
  return {
    bot: "mjolnir",
    isOurs,
    rooms: found.rooms,
    lists: found.lists,
    defaultList: shortcode,
    // Tyr writes there only which of its protections are enabled, not their settings.
    protections: isOurs
      ? mapped.protections.map((one) => ({ ...one, values: { enabled: true }, differs: undefined }))
      : mapped.protections,
    notTakenOver: [...found.notTakenOver, ...unreadableDefault, ...mapped.notTakenOver],
    changes: mapped.changes,
  };
}

const counterparts: ReadonlyMap<string, Counterpart> = new Map<string, Counterpart>([
  [
    "BasicFloodingProtection",
    {
      kind: "becomes",
      read: (settings) =>
        // maxPerMinute is the first number that was too many, our limit the last that is not.
        flood(settings.count("maxPerMinute", 10) - 1, { seconds: 60, response: "redact+ban" }),
    },
  ],
  [
    "MentionSpam",
    {
      kind: "becomes",
      read: (settings) =>
        mentionLimit(settings.count("maxMentions", 10), {
          response: "redact",
          differs: "Mjolnir also removed whatever the person wrote from then on",
        }),
    },
  ],
  ["FirstMessageIsImageProtection", firstMedia("redact+ban")],
  [
    "FirstMessageIsLinkProtection",
    like("first-link", {
      response: "redact+ban",
      differs:
        "Tyr looks at people who came within a day; where regulars here link to, and the list allowed-links, pass",
    }),
  ],
  ["WordList", wordList("redact+ban")],
  ["MessageIsVoiceProtection", like("no-voice", { response: "redact" })],
  ["MessageIsMediaProtection", like(["no-images", "no-videos"], { response: "redact" })],
  ["MessageIsVideoProtection", like("no-videos", { response: "redact" })],
  ["NsfwProtection", toCome("scanner", "removed images that it took for pornography")],
  ["JoinWaveShortCircuit", { kind: "becomes", read: joinWave }],
  [
    "TrustedReporters",
    missing(
      "acted on messages that several trusted people had reported",
      "that is for the protection reports, once you have said reports on; whom you trust stands in reports.trusted of the config",
    ),
  ],
  [
    "LocalAbuseReports",
    missing(
      "let people report to the moderators through the room (MSC3215)",
      "reports on has people report by 🚩 on a message or by a reply",
    ),
  ],
  ["DetectFederationLag", like("federation-lag", { response: "alert" })],
]);
