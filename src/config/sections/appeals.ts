/** How people who are banned learn where to write. */
import { optionalText, section } from "../kinds.ts";

const longest = 150;

export const appeals = section("People who are banned may ask to be let in again (`appeals on`).", {
  contact: optionalText(
    {
      meaning:
        "A line that is added to the reason of every ban that Tyr makes, in brackets, for all to see: how whoever is banned can appeal. Bans that were made before keep their reason.",
      example: "Not right? Write to @tyr:example.org",
      expected: `one line of at most ${longest} characters`,
    },
    (text) =>
      text.trim() !== "" && text.length <= longest && !/[\r\n]/.test(text) ? text.trim() : undefined,
  ),
});
