/**
 * What a Draupnir left: Mjolnir's keys of account data, with Draupnir's names of protections in them, and in the management
 * room's state the protections' settings and their capability providers, which carry acts out or only simulate them.
 */
import { asNumber, asObject, asString, type JsonObject } from "../kit/json.ts";
import { plain, say, type Say } from "../kit/say.ts";
import { parseRoomId, type RoomId } from "../model/ids.ts";
import { accountKeys, draupnirVersion, readAccountData, settingsIn } from "./account-data.ts";
import { firstMedia, flapping, joinWave, like, newJoiners, wordList } from "./detectors.ts";
import { builtIn, flood, mapProtections, mentionLimit, missing, step } from "./protections.ts";
import type { Counterpart } from "./protections.ts";
import {
  parseAddress,
  shown,
  stateOf,
  type Address,
  type EarlierBot,
  type TakeoverOptions,
  type Traces,
} from "./earlier-bot.ts";

const providersType = "me.marewolf.draupnir.set_capability_provider";
/**
 * The versions of the key's content (`draupnirVersion`) from which on Draupnir lists these default protections in it: one
 * that is not listed was disabled by somebody.
 */
const synchronisesSince = 2;
const redactsSince = 8;

function wasWrittenByDraupnir({ accountData, state }: Traces): boolean {
  const enabled = asObject(accountData.get(accountKeys.protections));
  if (enabled && draupnirVersion in enabled) return true;
  return accountData.has(accountKeys.madeRoom) || stateOf(state, providersType).size > 0;
}

/** The management room that the Draupnir made for itself; undefined where it made none. */
export function madeRoom(content: unknown): RoomId | undefined {
  return parseRoomId(parseAddress(asString(asObject(content)?.["room"]) ?? "")?.id);
}

export function readDraupnir(
  traces: Traces,
  { writesAcls, prefix }: TakeoverOptions,
): EarlierBot | undefined {
  if (!wasWrittenByDraupnir(traces)) return undefined;
  const found = readAccountData(traces);
  const capabilities = new Capabilities(traces);
  const synchronised = new Synchronised(traces, found.enabled, capabilities);
  const mapped = mapProtections(found.enabled ?? [], counterparts(capabilities), settingsIn(traces));
  const objections = [
    ...(synchronised.bans ? [] : ["it banned nobody for rules of lists, and I would"]),
    ...(synchronised.serverAcls || !writesAcls
      ? []
      : ["it wrote no server ACLs, and I would (acl.enabled: false in the config keeps it so)"]),
  ];
  return {
    bot: "draupnir",
    rooms: found.rooms,
    lists: objections.length === 0 ? found.lists : [],
    defaultList: undefined,
    protections: mapped.protections,
    notTakenOver: [
      ...found.notTakenOver,
      ...(objections.length === 0 ? [] : found.lists.map((list) => unwatched(list, objections, prefix))),
      ...capabilities.notUnderstood,
      ...mapped.notTakenOver,
    ],
    changes: [
      ...mapped.changes,
      ...(synchronised.redactions
        ? []
        : [
            say`I remove what people wrote who are banned for one of redaction.reasons; Draupnir was told not to`,
          ]),
    ],
  };
}

function unwatched({ id }: Address, objections: readonly string[], prefix: string): Say {
  return say`The list ${shown(id)} is not watched: with Draupnir, ${plain(objections.join("; "))}. If that is all right: ${shown(`${prefix} lists watch ${id}`)}`;
}

/** Whether a protection's acts were carried out: its capability provider may have been a simulation. */
class Capabilities {
  readonly #providers: ReadonlyMap<string, unknown>;
  readonly notUnderstood: Say[] = [];

  constructor({ state }: Traces) {
    this.#providers = stateOf(state, providersType);
    for (const [name, content] of this.#providers)
      if (!asObject(content))
        this.notUnderstood.push(say`${shown(name)}: its acts are set to ${shown(content)}`);
  }

  isReal(protection: string, capability: string): boolean {
    const set: JsonObject = asObject(this.#providers.get(protection)) ?? {};
    const provider = asString(asObject(set[capability])?.["capability_provider_name"]);
    return provider === undefined || !provider.startsWith("Simulated");
  }
}

/** Which of the things that Tyr always does Draupnir did: there each is a protection that can be disabled or simulated. */
class Synchronised {
  readonly bans: boolean;
  readonly serverAcls: boolean;
  readonly redactions: boolean;

  constructor({ accountData }: Traces, enabled: readonly string[] | undefined, capabilities: Capabilities) {
    const version = asNumber(asObject(accountData.get(accountKeys.protections))?.[draupnirVersion]) ?? 0;
    const isOn = (name: string, since: number) =>
      enabled === undefined || version < since || enabled.includes(name);
    const [bans, acls, redactions] = [
      "MemberBanSynchronisationProtection",
      "ServerBanSynchronisationProtection",
      "RedactionSynchronisationProtection",
    ] as const;
    this.bans = isOn(bans, synchronisesSince) && capabilities.isReal(bans, "userConsequences");
    this.serverAcls = isOn(acls, synchronisesSince) && capabilities.isReal(acls, "serverConsequences");
    this.redactions = isOn(redactions, redactsSince) && capabilities.isReal(redactions, "consequences");
  }
}

function counterparts(capabilities: Capabilities): ReadonlyMap<string, Counterpart> {
  const allowed = (protection: string) => ({
    ban: capabilities.isReal(protection, "userConsequences"),
    redact: capabilities.isReal(protection, "eventConsequences"),
  });
  const [flooding, mentions] = ["BasicFloodingProtection", "MentionLimitProtection"] as const;
  const becoming = new Map<string, Counterpart>([
    [
      flooding,
      {
        kind: "becomes",
        read: (settings) =>
          // maxPerMinute is the first number that was too many, our limit the last that is not.
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
            // Draupnir counted a repeat within half an hour; ours is set in whole hours.
            repeatHours: 1,
            ...(warning === undefined ? {} : { warning }),
          });
        },
      },
    ],
  ]);
  const answers = (protection: string) => step(allowed(protection));
  const [first, words, invalid] = [
    "FirstMessageIsImageProtection",
    "WordListProtection",
    "InvalidEventProtection",
  ];
  const removes = (protection: string) => step({ redact: allowed(protection).redact });
  for (const [name, counterpart] of [
    [first, firstMedia(answers(first))],
    [words, wordList(answers(words))],
    [invalid, invalidEvents(allowed(invalid))],
    [media, like(["no-images", "no-videos", "no-files", "no-stickers"], { response: removes(media) })],
    [voice, like(["no-voice", "no-audio"], { response: removes(voice) })],
    [newcomers, newJoiners(step({ ban: allowed(newcomers).ban }))],
    [changes, { kind: "becomes", read: (settings) => flapping(settings, changesAnswer(capabilities)) }],
  ] as const satisfies readonly (readonly [string, Counterpart])[])
    becoming.set(name, counterpart);
  return new Map([...becoming, ...withoutCounterpart]);
}

const media = "MessageIsMediaProtection";
const voice = "MessageIsVoiceProtection";
const newcomers = "NewJoinerProtection";
const changes = "MembershipChangeProtection";

/** It counted a repeat within half an hour; ours is set in whole hours. */
function invalidEvents({ redact, ban }: { redact: boolean; ban: boolean }): Counterpart {
  const first = step({ redact, warn: true });
  const response = ban ? `${first} ${step({ redact, ban })}` : first;
  return like("invalid", { response }, { repeatHours: 1 });
}

function changesAnswer(capabilities: Capabilities): string {
  return capabilities.isReal(changes, "finalConsequences") ? "warn ban" : "warn";
}

const withoutCounterpart: ReadonlyMap<string, Counterpart> = new Map<string, Counterpart>([
  ["MemberBanSynchronisationProtection", builtIn],
  ["ServerBanSynchronisationProtection", builtIn],
  ["RedactionSynchronisationProtection", builtIn],
  ["BanPropagationProtection", builtIn],
  ["RoomsSetBehaviour", builtIn],
  ["RoomsSetBehaviourProtection", builtIn],
  ["JoinRoomsOnInviteProtection", builtIn],
  [
    "PolicyChangeNotification",
    missing(
      "told each change of the lists in a room of its own",
      "lists log tells it, and a digest every morning (duty.listDigest)",
    ),
  ],
  ["DraupnirNews", { kind: "not-needed", why: "it told news of Draupnir" }],
  ["JoinWaveShortCircuitProtection", { kind: "becomes", read: joinWave }],
  [
    "TrustedReporters",
    missing(
      "acted on messages that several trusted people had reported",
      "that is for the protection reports, once you have said reports on; whom you trust stands in reports.trusted of the config",
    ),
  ],
  [
    "RoomTakedownProtection",
    missing(
      "shut rooms down on the homeserver for takedown rules",
      "shutdown and rooms block do that, room by room",
    ),
  ],
  [
    "BlockInvitationsOnServerProtection",
    missing(
      "refused invitations by listed users on the homeserver",
      "tyr setup --antispam has a Synapse of yours ask before an invitation",
    ),
  ],
  [
    "HomeserverUserPolicyProtection",
    missing("suspended listed users of the homeserver", "suspend does that, one by one"),
  ],
]);
