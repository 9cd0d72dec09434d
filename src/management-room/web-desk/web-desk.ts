/** The web desk, as its server asks it: sessions, pages and words together. */
import { usageOf } from "../../commands/help-text.ts";
import { codeMs, type Browsers } from "../../model/web-browsers.ts";
import type { JournalAnswer, JournalQuestion } from "../../model/journal-search.ts";
import type { WebDesk } from "../../model/web-desk.ts";
import { journalView, questionOf } from "./journal-view.ts";
import type { Sessions } from "./sessions.ts";
import type { Speech } from "./speech.ts";
import { listsView, listView, nowView, personView, roomsView, type ViewOptions } from "./views.ts";

export interface WebDeskOptions extends Omit<ViewOptions, "look"> {
  readonly sessions: Sessions;
  readonly browsers: Browsers;
  readonly speech: Speech;
  /** A code that nobody can foresee. */
  readonly newCode: () => string;
  readonly journal: {
    readonly ask: (question: JournalQuestion) => Promise<JournalAnswer>;
    readonly close: () => void;
  };
}

export function webDeskOf(options: WebDeskOptions): WebDesk {
  const { facts, sessions, browsers, speech, prefix, now, newCode } = options;
  const look = speech.look.bind(speech);
  const view = { ...options, look };
  return {
    prefix,
    now,
    session: (key, isUse) => sessions.of(key, isUse),
    leave: (session) => sessions.leave(session),
    codeFor: (browser) => {
      const at = now();
      if (sessions.knows(browser.key)) return "used";
      if (!browsers.codeOf(browser.key, at) && !browsers.add(newCode, { ...browser, askedAt: at }))
        return "full";
      const made = browsers.codeOf(browser.key, at);
      return made ? { code: made.code, leftMs: Math.max(0, made.askedAt + codeMs - at) } : "full";
    },
    say: (by, line, nonce) => speech.say(by, line, nonce),
    said: (by, nonce) => speech.said(by, nonce),
    desk: (user) => nowView(user, view),
    rooms: (search) => roomsView(search, view),
    lists: () => listsView(view),
    list: (room, search) => listView(room, search, view),
    person: (user, by) => personView(user, by, view),
    journal: async (fields) => {
      const question = questionOf(fields, facts.world);
      if (typeof question === "string") return { rows: [], problem: question };
      return journalView(await options.journal.ask(question), facts.world);
    },
    close: () => options.journal.close(),
    usages: [...new Set(facts.commands.map(usageOf))],
  };
}
