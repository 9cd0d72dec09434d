/** `displayname` and `avatar`: Tyr's own name and picture. */
import { code, count, say } from "../../kit/say.ts";
import { defineCommand, needed, problem } from "../define.ts";

/** Clients cut longer names. */
const longestName = 100;

export const displayname = defineCommand({
  words: ["displayname"],
  role: "admin",
  about:
    "Change my name, as everybody sees it in all rooms. I am spoken to by the new one from then on. The answer tells what it was before.",
  takes: { name: needed("rest", "the new name") },
  examples: ["displayname Tyr"],
  reply({ name }) {
    const value = name.replace(/\s+/g, " ").trim();
    if (value === "" || value.length > longestName)
      return problem(say`a name has 1 to ${count(longestName, "character")}`);
    return {
      say: say`My name: ${code(value)}`,
      acts: [{ action: { kind: "set-profile", field: "displayname", value } }],
    };
  },
});

export const avatar = defineCommand({
  words: ["avatar"],
  role: "admin",
  about:
    "Change my picture, as everybody sees it in all rooms. The answer tells the address of the one before.",
  takes: { media: needed("media", "the address of the picture: mxc://server/id") },
  examples: ["avatar mxc://example.org/SEsfnsuifSDFSSEF"],
  reply: ({ media: value }) => ({
    say: say`My picture: ${code(value)}`,
    acts: [{ action: { kind: "set-profile", field: "avatar_url", value } }],
  }),
});
