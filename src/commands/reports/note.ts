/** `note`: what moderators write about somebody for one another; `why` shows it. */
import { code, count, say } from "../../kit/say.ts";
import { parseUserId } from "../../model/ids.ts";
import { noteLength, notesOfAll, notesOfOne } from "../../model/settings/notes.ts";
import { defineCommand, needed, problem } from "../define.ts";
import { settingsChange } from "../shared/settings-change.ts";

export const note = defineCommand({
  words: ["note"],
  role: "moderator",
  about:
    "Note something about a person for the other moderators: why shows it, and so does a report about them.",
  takes: {
    who: needed("person", "@name:server"),
    text: needed("rest", "what the others should know"),
  },
  examples: ["note @loud:example.org promised to keep to the topic"],
  reply({ who, text }, _flags, { world: { settings }, by, at }) {
    const user = parseUserId(who.text);
    if (who.isGlob || !user) return problem(say`A note is about one person, by their id`);
    if (text.length > noteLength)
      return problem(say`a note may have ${noteLength} characters, and this has ${text.length}`);
    const all = [...settings.notes.values()].reduce((sum, notes) => sum + notes.length, 0);
    if (all >= notesOfAll || (settings.notes.get(user)?.length ?? 0) >= notesOfOne)
      return problem(
        say`I keep ${notesOfOne} notes of one person, and ${notesOfAll} in all: remove some first`,
      );
    return {
      say: say`Noted about ${code(user)}.`,
      acts: [settingsChange({ kind: "add-note", user, note: { text, by, at } })],
    };
  },
});

export const noteRemove = defineCommand({
  words: ["note", "remove"],
  role: "moderator",
  about: "Remove what was noted about a person, all of it.",
  takes: { who: needed("person", "@name:server") },
  examples: ["note remove @loud:example.org"],
  reply({ who }, _flags, { world: { settings } }) {
    const user = parseUserId(who.text);
    const notes = (user && settings.notes.get(user)) ?? [];
    if (!user || notes.length === 0) return problem(say`nothing is noted about ${code(who.text)}`);
    return {
      say: say`${count(notes.length, "note")} about ${code(user)} removed.`,
      acts: notes.map((one) => settingsChange({ kind: "remove-note", user, note: one })),
    };
  },
});
