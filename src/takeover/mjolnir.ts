/** What a Mjolnir left: account data of its user, and its protections' settings in the management room's state. */
import { asObject, asString } from "../kit/json.ts";
import { code, say } from "../kit/say.ts";
import { accountKeys, hasAny, madeByUs, readAccountData, settingsIn } from "./account-data.ts";
import { flood, mapProtections, mentionLimit, missing, type Counterpart } from "./protections.ts";
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
