/** What the detectors of other bots are called here: for commands in their words, and for the docs. */

export interface ForeignDetector {
  /** Rules of ours; none where we deliberately have none. */
  readonly ours: readonly string[];
  /** Why none, or what does it instead. */
  readonly note?: string;
}

type Detectors = Readonly<Record<string, ForeignDetector>>;

const ours = (...names: readonly string[]): ForeignDetector => ({ ours: names });
const none = (note: string): ForeignDetector => ({ ours: [], note });
const always = none("Tyr always does it; there is nothing to switch on");

/** Too many ordinary messages are like that for an answer to one alone. */

const mjolnir: Detectors = {
  BasicFloodingProtection: ours("flood"),
  MentionSpam: ours("mention-limit", "name-pings"),
  FirstMessageIsImageProtection: ours("first-media", "newcomer-media"),
  FirstMessageIsLinkProtection: ours("first-link"),
  WordList: ours("words", "spelled-words"),
  MessageIsVoiceProtection: ours("no-voice"),
  MessageIsMediaProtection: ours("no-images", "no-videos"),
  MessageIsVideoProtection: ours("no-videos"),
  NsfwProtection: ours("scanner"),
  JoinWaveShortCircuit: ours("join-rate", "wave-suspected", "wave-recognised", "wave-harmful"),
  TrustedReporters: ours("reports"),
  DetectFederationLag: ours("federation-lag"),
  LocalAbuseReports: none(
    "it writes state by which clients report to a room (MSC3215); the command reports on has people report by 🚩",
  ),
};

const draupnir: Detectors = {
  BasicFloodingProtection: ours("flood"),
  MentionLimitProtection: ours("mention-limit", "name-pings"),
  FirstMessageIsImageProtection: ours("first-media", "newcomer-media"),
  MessageIsMediaProtection: ours("no-images", "no-videos", "no-files", "no-stickers"),
  MessageIsVoiceProtection: ours("no-voice", "no-audio"),
  WordListProtection: ours("words", "spelled-words"),
  InvalidEventProtection: ours("invalid"),
  MembershipChangeProtection: ours("flapping"),
  NewJoinerProtection: ours("new-servers"),
  JoinWaveShortCircuitProtection: ours("join-rate", "wave-suspected", "wave-recognised", "wave-harmful"),
  TrustedReporters: ours("reports"),
  MemberBanSynchronisationProtection: always,
  ServerBanSynchronisationProtection: always,
  RedactionSynchronisationProtection: always,
  BanPropagationProtection: always,
  RoomsSetBehaviour: always,
  JoinRoomsOnInviteProtection: always,
  PolicyChangeNotification: none("what changes on a list is told where it is applied, and every morning"),
  DraupnirNews: none("news of Draupnir"),
  RoomTakedownProtection: none("the commands shutdown and rooms block do it, room by room; no detector"),
  BlockInvitationsOnServerProtection: none("antispam callbacks do it (antispam.md)"),
  HomeserverUserPolicyProtection: none("the command suspend does it; no detector"),
};

const meowlnir: Detectors = {
  anti_flood: ours("flood"),
  max_mentions: ours("mention-limit", "mention-undeclared"),
  no_media: ours(
    ...["no-images", "no-videos", "no-audio", "no-voice", "no-files", "no-stickers"],
    ...["picture-reactions", "inline-pictures"],
  ),
  bad_words: ours("words"),
  bad_displaynames: ours("names"),
  join_rate: ours("join-rate"),
  insecure_registration: ours("open-registration"),
};

const policyserv: Detectors = {
  Frequency: ours("flood", "reaction-flood"),
  Mentions: ours("mention-limit", "name-pings"),
  MentionsFrequency: ours("mention-limit"),
  ManyAts: ours("mention-limit"),
  Media: ours("no-media", "no-images", "no-videos", "no-audio", "no-files", "no-stickers"),
  UntrustedMedia: ours("newcomer-media", "no-media"),
  Keyword: ours("words"),
  KeywordTemplate: { ours: ["words"], note: "a condition of your own says what a template would" },
  Link: ours("denied-links", "allowed-links"),
  Hellban: ours("after-offence"),
  HMA: { ours: ["bad-pictures", "scanner"], note: "by likeness; a scanner looks into pictures" },
  OpenAIOmni: ours("scanner"),
  InlineEmojiSize: ours("inline-pictures"),
  UserIdLength: ours("user-ids"),
  UserIdContainsWords: ours("user-ids"),
  StickyEvents: ours("sticky"),
  EventType: ours("odd-types"),
  Density: ours("dense-text"),
  TrimLength: ours("padded-text"),
  Length: ours("long-text"),
  Mjolnir: none("policy lists are followed, and applied, apart from protections"),
  Sender: none("exempt add, and the setting spareRegulars, spare people from all of them"),
  ProtectLocalUser: none("whoever may ban Tyr outranks it; it leaves, and says so"),
  UnsafeSigningKey: none("it needs the event as it was signed, which only a policy server sees"),
};

export const foreignDetectors = { mjolnir, draupnir, meowlnir, policyserv } as const;
