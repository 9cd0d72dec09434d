/** `lists export`: sends the rules of a list as a file to the management room. */
import { code, count, lines, plain, say } from "../../kit/say.ts";
import { listAsFile } from "../../policy/list-file.ts";
import { defineCommand, needed, problem } from "../define.ts";
import { listName } from "../shared/room-names.ts";

export const listsExport = defineCommand({
  words: ["lists", "export"],
  role: "admin",
  about:
    "Send the rules of a list as a file that spreadsheets open, newest first. Everybody in this room can read it.",
  takes: { list: needed("list", "shortcode, room id or alias") },
  flags: { json: { type: "boolean", about: "As JSON lines, one event a line, for programs." } },
  examples: ["lists export coc", "lists export coc --json"],
  reply({ list }, { json }, { world, health }) {
    const room = world.settings.managementRoom;
    if (list.size === 0 || !room) return problem(say`${listName(list.room, world)} has no rules`);
    const format = json ? "jsonl" : "csv";
    const maxBytes = world.limits.exportKilobytes * 1024;
    const { name, rules, leftOut } = listAsFile(list, { format, maxBytes });
    const readers = world.members.joinedCount(room);
    const isSealed = world.rooms.get(room)?.isEncrypted === true && health.encryption.kind === "on";
    const keeps = isSealed ? "it is encrypted for them" : "the homeserver keeps it unencrypted";
    return {
      say: lines(
        say`${listName(list.room, world)}: ${count(rules, "rule")} in ${code(name)}. ${count(readers, "account")} in this room can read it; ${plain(keeps)}.`,
        leftOut > 0
          ? say`${count(leftOut, "older rule")} left out; ${code("limits.exportKilobytes")} in the config is the bound.`
          : undefined,
      ),
      acts: [{ action: { kind: "send-file", room, list: list.room, format } }],
    };
  },
});
