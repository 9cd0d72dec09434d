/** Changes of what Tyr itself knows: moderators' settings and their answers. The homeserver has no part in them. */
import type { UserId } from "../ids.ts";
import { subjectOfChange, type SettingChange } from "../settings/change.ts";
import {
  doneAgainIfLost,
  doneOnce,
  harmsNobody,
  noRecheck,
  nothing,
  userOfAction,
  type Family,
} from "./family.ts";

export interface SettingFields {
  /** `back`: the change that takes it back, where there is one. `until`: when that is done by itself, ms since the epoch. */
  "change-settings": {
    readonly change: SettingChange;
    readonly back?: SettingChange;
    readonly until?: number;
  };
  /** What was removed of the person is no longer kept. */
  "forget-removed": { readonly user: UserId };
  /** A person's answer; `by` is undefined where nobody answered in time. */
  "answer-question": {
    readonly question: number;
    readonly yes: boolean;
    /** Of held messages: a no that bans. */
    readonly ban?: true;
    readonly by: UserId | undefined;
  };
}

const ours = {
  room: nothing,
  mentions: "fields",
  changes: "own-settings",
  turn: {
    urgency: "housekeeping",
    rank: "busiest-room",
    request: "write",
    sameUnderWay: "drop",
    effect: "unseen",
  },
  harm: harmsNobody,
  recheck: noRecheck,
} as const;

export const settings = {
  "change-settings": {
    ...ours,
    target: ({ change }) => JSON.stringify(change),
    subject: ({ change }) => subjectOfChange(change),
    memory: doneAgainIfLost,
    undo: {
      how: "if-it-stands",
      inverse: ({ change, back }) => back && { kind: "change-settings", change: back, back: change },
      isNumbered: ({ change }) => !isLeftToItself(change),
      isOffered: true,
    },
  },
  "answer-question": {
    ...ours,
    target: ({ question, yes, ban }) => `${question} ${ban ? "ban" : yes}`,
    subject: nothing,
    memory: doneOnce,
    // Turned round rather than taken back, as far as the question allows.
    undo: { how: "if-it-stands", inverse: "none", isNumbered: true, isOffered: true },
  },
  "forget-removed": {
    ...ours,
    target: userOfAction,
    subject: userOfAction,
    memory: doneOnce,
    undo: { how: "final", inverse: "none", isNumbered: false, isOffered: false },
  },
} satisfies Family<SettingFields>;

/**
 * Previews, dropped commands and doubts are notes of our own. `stop` and `go` take each other back, and whoever says `undo last`
 * after a stop means what was done before it.
 */
function isLeftToItself({ kind }: SettingChange): boolean {
  return leftToThemselves.has(kind);
}

const leftToThemselves: ReadonlySet<SettingChange["kind"]> = new Set([
  "preview",
  "end-preview",
  "stop",
  "go",
  "drop-commands",
  "forget-dropped",
  "test-duty",
  "rehearse-wave",
  "end-rehearsal",
  // What it led to has the number of the wave.
  "judge-wave",
  "doubt",
]);
