/** What a Mjolnir left: account data of its user, and its protections' settings in the management room's state. */
import { asObject, asString } from "../kit/json.ts";
import { code, say } from "../kit/say.ts";
import { accountKeys, hasAny, madeByUs, readAccountData, settingsIn } from "./account-data.ts";
import { flood, mapProtections, mentionLimit, missing, type Counterpart } from "./protections.ts";
import { shown, type Taken, type Traces } from "./earlier-bot.ts";

export function readMjolnir(traces: Traces): Taken | undefined {
  const { rooms, lists, protections, defaultList } = accountKeys;
  if (!hasAny(traces, [rooms, lists, protections, defaultList])) return undefined;
  const found = readAccountData(traces);
  const mapped = mapProtections(found.enabled ?? [], counterparts, settingsIn(traces));
  const standing = traces.accountData.get(defaultList);
  const shortcode = asString(asObject(standing)?.["shortcode"]);
  const oddDefault =
    standing !== undefined && shortcode === undefined
      ? [say`${code(defaultList)} names no list, but says ${shown(standing)}`]
      : [];
  const isOurs = asObject(traces.accountData.get(rooms))?.[madeByUs] === true;
  return {
    bot: "mjolnir",
    isOurs,
    rooms: found.rooms,
    lists: found.lists,
    defaultList: shortcode,
    // Of ours only what was on is kept there, and how it answered is not.
    protections: isOurs
      ? mapped.protections.map((one) => ({ ...one, values: { enabled: true }, differs: undefined }))
      : mapped.protections,
    left: [...found.left, ...oddDefault, ...mapped.left],
    changes: mapped.changes,
  };
}

const counterparts: ReadonlyMap<string, Counterpart> = new Map<string, Counterpart>([
  [
    "BasicFloodingProtection",
    {
      kind: "becomes",
      read: (settings) =>
        // So many were too many already.
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
  [
    "FirstMessageIsImageProtection",
    missing("banned whoever began with an image or a video, and removed that message"),
  ],
  ["FirstMessageIsLinkProtection", missing("banned whoever began with a link, and removed that message")],
  ["WordList", missing("banned newcomers who wrote a word of the list in its config")],
  ["MessageIsVoiceProtection", missing("removed voice messages")],
  ["MessageIsMediaProtection", missing("removed images and videos")],
  ["MessageIsVideoProtection", missing("removed videos")],
  ["NsfwProtection", missing("removed images that it took for pornography")],
  ["JoinWaveShortCircuit", missing("made a room invite-only when too many came at once")],
  ["TrustedReporters", missing("acted on messages that several trusted people had reported")],
  ["LocalAbuseReports", missing("let people report to the moderators through the room (MSC3215)")],
  ["DetectFederationLag", missing("told when messages of other servers came late")],
]);
