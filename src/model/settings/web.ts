/** Who is let in at the web desk by which browser. The browser's secret is not kept: only what shows that it has it. */
import type { UserId } from "../ids.ts";
import type { ChangeRows } from "./change-row.ts";

export interface WebSession {
  /** Small, so that it can be typed: `web end 5`. */
  readonly id: number;
  /** SHA-256 of what the browser holds. */
  readonly key: string;
  readonly user: UserId;
  readonly openedAt: number;
  /** Whatever happens it ends then, ms since the epoch. */
  readonly until: number;
  /** Where it was asked for, as a part of an address: "203.0.113". */
  readonly network: string;
  /** "Firefox on Linux", as the browser says. */
  readonly browser: string;
  readonly isEnded?: true;
}

export interface WebSettings {
  /** Those that have ended among them: they tell which networks somebody has used before. */
  readonly webSessions: ReadonlyMap<number, WebSession>;
}

export type WebChange =
  | { readonly kind: "open-session"; readonly session: WebSession }
  | { readonly kind: "end-session"; readonly id: number };

/** More browsers than a team has; the oldest is let out for a new one. */
export const mostSessions = 64;

export const webChanges: ChangeRows<WebSettings, WebChange> = {
  "open-session": {
    apply: ({ webSessions }, { session }) => ({
      webSessions: new Map([...webSessions].concat([[session.id, session]]).slice(-mostSessions)),
    }),
    inverse: ({ session: { id } }) => ({ kind: "end-session", id }),
    holds: ({ session: { id, key } }, { webSessions }) => {
      const now = webSessions.get(id);
      return now?.key === key && !now.isEnded;
    },
    subject: ({ session: { user } }) => user,
  },
  "end-session": {
    apply: ({ webSessions }, { id }) => {
      const session = webSessions.get(id);
      if (!session || session.isEnded) return {};
      return { webSessions: new Map(webSessions).set(id, { ...session, isEnded: true }) };
    },
    // Whoever was let out signs in anew: nobody can let in a browser that may have changed hands.
    inverse: () => undefined,
    holds: ({ id }, { webSessions }) => webSessions.get(id)?.isEnded !== undefined,
    subject: () => undefined,
  },
};
