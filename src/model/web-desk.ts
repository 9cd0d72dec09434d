/** What the web desk may ask of a bot: who is let in, what its pages show, and how what is pressed there is said. */
import type { Say } from "../kit/say.ts";
import type { UserId } from "./ids.ts";
import type { WebSession } from "./settings/web.ts";
import type { WaitingBrowser } from "./web-browsers.ts";

export type NewBrowser = Omit<WaitingBrowser, "askedAt">;

export interface WebDesk {
  /** The command prefix, as pages show it. */
  readonly prefix: string;
  /** Our clock, ms since the epoch. */
  readonly now: () => number;
  /**
   * The session of the browser that holds the secret with this digest. Undefined where it has ended, or where its person may
   * look no more: asked at every request. `isUse`: somebody is there, so that it does not end as unused.
   */
  readonly session: (key: string, isUse: boolean) => WebSession | undefined;
  /** The browser is out from now on, whatever becomes of the command that says so. */
  readonly leave: (session: WebSession) => void;
  /** The code that names the browser, made where it has none. `used`: it was let in once, and needs another secret; `full`: too many wait. */
  readonly codeFor: (
    browser: NewBrowser,
  ) => { readonly code: string; readonly leftMs: number } | "used" | "full";
  /** A command line of a person. The same nonce again is the same line, said once. */
  readonly say: (by: UserId, line: string, nonce: string) => Spoken;
  readonly said: (by: UserId, nonce: string) => Spoken | undefined;
  readonly desk: (user: UserId) => NowView;
  readonly rooms: (search: string) => RoomsView;
  readonly lists: () => ListsView;
  readonly list: (room: string, search: string) => ListView | undefined;
  /** Undefined where it is no user id. */
  readonly person: (user: string, by: UserId) => PersonView | undefined;
  readonly journal: (asked: JournalFields) => Promise<JournalView>;
  /** Nothing is asked any more. */
  readonly close: () => void;
  /** What can be typed, as help shows it. */
  readonly usages: readonly string[];
}

/** What became of a line. */
export type Spoken =
  /** It only looks: nobody was told. */
  | { readonly kind: "shown"; readonly line: string; readonly answer: Say; readonly isProblem: boolean }
  /** Nothing was said and nothing done. */
  | { readonly kind: "refused"; readonly line: string; readonly why: Say }
  /** It is on its way to the management room, or its answer is not complete. */
  | {
      readonly kind: "waiting";
      readonly line: string;
      readonly isSaid: boolean;
      readonly answer: Say | undefined;
    }
  | { readonly kind: "answered"; readonly line: string; readonly answer: Say };

/** A button: what it says, and the line behind it. */
export interface Button {
  readonly label: string;
  readonly line: string;
}

export interface QuestionRow {
  readonly id: number;
  readonly say: Say;
  readonly askedAt: number;
  readonly expiresAt: number;
  /** None where the person may not answer. */
  readonly buttons: readonly Button[];
}

export interface NowView {
  readonly questions: readonly QuestionRow[];
  /** Further questions that are open. */
  readonly more: number;
  readonly goingOn: readonly Say[];
  readonly trouble: Say | undefined;
  readonly rooms: number;
  readonly stop: Button | undefined;
  readonly status: Say | undefined;
}

export interface RoomRow {
  readonly name: string;
  readonly id: string;
  readonly members: number;
  readonly level: number | undefined;
  readonly trouble: Say | undefined;
  /** Why nobody new may speak or come there now, where that is so. */
  readonly isContained: boolean;
}

export interface RoomsView {
  readonly rows: readonly RoomRow[];
  /** All that fit the search. */
  readonly found: number;
}

export interface ListRow {
  readonly name: string;
  readonly id: string;
  readonly users: number;
  readonly servers: number;
  readonly rooms: number;
  /** Whether Tyr may write to it, how far it is trusted. */
  readonly notes: readonly string[];
  readonly trouble: Say | undefined;
}

export interface ListsView {
  readonly rows: readonly ListRow[];
  /** How several of them come to one decision. */
  readonly how: string;
}

export interface RuleRow {
  readonly kind: string;
  readonly entity: string;
  readonly recommendation: string;
  readonly reason: string;
  readonly by: string;
  /** By the writer's clock. */
  readonly at: number;
  readonly expiresAt: number | undefined;
}

export interface ListView {
  readonly list: ListRow;
  /** The newest first. */
  readonly rules: readonly RuleRow[];
  readonly found: number;
}

/** As they were typed; empty where nothing was. */
export interface JournalFields {
  readonly text: string;
  readonly who: string;
  readonly by: string;
  readonly room: string;
  readonly kind: string;
  readonly since: string;
  readonly until: string;
  /** Ms since the epoch: what is older than the page before. */
  readonly before: number | undefined;
}

export interface JournalRow {
  readonly at: number;
  readonly did: string;
  readonly whom: string;
  readonly where: string;
  readonly why: Say;
  readonly outcome: string;
}

export interface JournalView {
  readonly rows: readonly JournalRow[];
  /** Why there are none, where that is not because nothing was done. */
  readonly problem?: string;
  /** There are more, from before this time. */
  readonly olderThan?: number;
}

export interface PersonView {
  readonly user: string;
  readonly isStaff: boolean;
  readonly places: readonly {
    readonly room: string;
    readonly membership: string;
    readonly level: number | undefined;
  }[];
  /** On so many days they spoke; the first and the last, ms since the epoch. */
  readonly speech: { readonly days: number; readonly first: number; readonly last: number } | undefined;
  readonly why: Say | undefined;
  readonly buttons: readonly Button[];
}
