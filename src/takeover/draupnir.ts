/**
 * What a Draupnir left: Mjolnir's keys of account data with names of its own in them, its protections' settings, and
 * what it put in the place of acts (a simulation, for example), in the management room's state.
 */
import { asNumber, asObject, asString, type JsonObject } from "../kit/json.ts";
import { plain, say, type Say } from "../kit/say.ts";
import { parseRoomId, type RoomId } from "../model/ids.ts";
import { accountKeys, draupnirVersion, readAccountData, settingsIn } from "./account-data.ts";
import { byItself, flood, mapProtections, mentionLimit, missing, step } from "./protections.ts";
import type { Counterpart } from "./protections.ts";
import { parseAddress, shown, stateOf, type Address, type Taken, type Traces } from "./earlier-bot.ts";

const providersType = "me.marewolf.draupnir.set_capability_provider";
/** Since these versions of the key, what a Draupnir does by default and is missing was switched off by somebody. */
const synchronisesSince = 2;
const redactsSince = 8;

function isDraupnirs({ accountData, state }: Traces): boolean {
  const enabled = asObject(accountData.get(accountKeys.protections));
  if (enabled && draupnirVersion in enabled) return true;
  return accountData.has(accountKeys.madeRoom) || stateOf(state, providersType).size > 0;
}

/** The management room that the Draupnir made, where it did. */
export function madeRoom(content: unknown): RoomId | undefined {
  return parseRoomId(parseAddress(asString(asObject(content)?.["room"]) ?? "")?.id);
}

/** `writesAcls`: our config lets us write server ACLs. */
export function readDraupnir(
  traces: Traces,
  { writesAcls }: { readonly writesAcls: boolean },
): Taken | undefined {
  if (!isDraupnirs(traces)) return undefined;
  const found = readAccountData(traces);
  const acts = new Acts(traces);
  const switches = new Switches(traces, found.enabled, acts);
  const mapped = mapProtections(found.enabled ?? [], counterparts(acts), settingsIn(traces));
  const objections = [
    ...(switches.banned ? [] : ["it banned nobody for rules of lists, and I would"]),
    ...(switches.denied || !writesAcls
      ? []
      : ["it wrote no server ACLs, and I would (acl.enabled: false in the config keeps it so)"]),
  ];
  return {
    bot: "draupnir",
    rooms: found.rooms,
    lists: objections.length === 0 ? found.lists : [],
    defaultList: undefined,
    protections: mapped.protections,
    left: [
      ...found.left,
      ...(objections.length === 0 ? [] : found.lists.map((list) => unwatched(list, objections))),
      ...acts.odd,
      ...mapped.left,
    ],
    changes: [
      ...mapped.changes,
      ...(switches.redacted
        ? []
        : [
            say`I remove what people wrote who are banned for one of redaction.reasons; Draupnir was told not to`,
          ]),
    ],
  };
}

function unwatched({ id }: Address, objections: readonly string[]): Say {
  return say`The list ${shown(id)} is not watched: with Draupnir, ${plain(objections.join("; "))}. If that is all right: ${shown(`lists watch ${id}`)}`;
}

/** What stands behind a protection's acts; a simulation only said what it would do. */
class Acts {
  readonly #providers: ReadonlyMap<string, unknown>;
  readonly odd: Say[] = [];

  constructor({ state }: Traces) {
    this.#providers = stateOf(state, providersType);
    for (const [name, content] of this.#providers)
      if (!asObject(content)) this.odd.push(say`${shown(name)}: its acts are set to ${shown(content)}`);
  }

  isReal(protection: string, capability: string): boolean {
    const set: JsonObject = asObject(this.#providers.get(protection)) ?? {};
    const provider = asString(asObject(set[capability])?.["capability_provider_name"]);
    return provider === undefined || !provider.startsWith("Simulated");
  }
}

/** Which of the things that we do by ourselves the Draupnir did. */
class Switches {
  readonly banned: boolean;
  readonly denied: boolean;
  readonly redacted: boolean;

  constructor({ accountData }: Traces, enabled: readonly string[] | undefined, acts: Acts) {
    const version = asNumber(asObject(accountData.get(accountKeys.protections))?.[draupnirVersion]) ?? 0;
    const isOn = (name: string, since: number) =>
      enabled === undefined || version < since || enabled.includes(name);
    const [bans, acls, redactions] = [
      "MemberBanSynchronisationProtection",
      "ServerBanSynchronisationProtection",
      "RedactionSynchronisationProtection",
    ] as const;
    this.banned = isOn(bans, synchronisesSince) && acts.isReal(bans, "userConsequences");
    this.denied = isOn(acls, synchronisesSince) && acts.isReal(acls, "serverConsequences");
    this.redacted = isOn(redactions, redactsSince) && acts.isReal(redactions, "consequences");
  }
}

function counterparts(acts: Acts): ReadonlyMap<string, Counterpart> {
  const allowed = (protection: string) => ({
    ban: acts.isReal(protection, "userConsequences"),
    redact: acts.isReal(protection, "eventConsequences"),
  });
  const [flooding, mentions] = ["BasicFloodingProtection", "MentionLimitProtection"] as const;
  const becoming = new Map<string, Counterpart>([
    [
      flooding,
      {
        kind: "becomes",
        read: (settings) =>
          // So many were too many already.
          flood(settings.count("maxPerMinute", 10) - 1, { seconds: 60, response: step(allowed(flooding)) }),
      },
    ],
    [
      mentions,
      {
        kind: "becomes",
        read: (settings) => {
          const { ban, redact } = allowed(mentions);
          const [first, then] = [step({ redact, warn: true }), step({ redact, ban })];
          const warning = settings.text("warningText");
          return mentionLimit(settings.count("maxMentions", 3), {
            response: ban ? `${first} ${then}` : first,
            // Draupnir took half an hour.
            repeatHours: 1,
            ...(warning === undefined ? {} : { warning }),
          });
        },
      },
    ],
  ]);
  return new Map([...becoming, ...others]);
}

const others: ReadonlyMap<string, Counterpart> = new Map<string, Counterpart>([
  ["MemberBanSynchronisationProtection", byItself],
  ["ServerBanSynchronisationProtection", byItself],
  ["RedactionSynchronisationProtection", byItself],
  ["BanPropagationProtection", byItself],
  ["RoomsSetBehaviour", byItself],
  ["RoomsSetBehaviourProtection", byItself],
  ["JoinRoomsOnInviteProtection", byItself],
  ["PolicyChangeNotification", missing("told each change of the lists in a room of its own")],
  ["InvalidEventProtection", missing("removed malformed messages, and banned who sent them again")],
  ["DraupnirNews", { kind: "not-needed", why: "it told news of Draupnir" }],
  ["FirstMessageIsImageProtection", missing("banned whoever began with media, and removed that message")],
  ["MessageIsMediaProtection", missing("removed images, videos and other media")],
  ["MessageIsVoiceProtection", missing("removed voice and other audio messages")],
  [
    "MembershipChangeProtection",
    missing("warned, then banned whoever joined, left or changed the profile again and again"),
  ],
  ["JoinWaveShortCircuitProtection", missing("made a room invite-only when too many came at once")],
  ["NewJoinerProtection", missing("banned newcomers of the servers named in its config")],
  ["TrustedReporters", missing("acted on messages that several trusted people had reported")],
  ["WordListProtection", missing("banned newcomers who wrote a word of the list in its config")],
  ["RoomTakedownProtection", missing("shut rooms down on the homeserver for takedown rules")],
  ["BlockInvitationsOnServerProtection", missing("refused invitations by listed users on the homeserver")],
  ["HomeserverUserPolicyProtection", missing("suspended listed users of the homeserver")],
]);
