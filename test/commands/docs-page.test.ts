import { expect, test } from "@jest/globals";
import { commandsPage } from "../../src/commands/docs-page.ts";
import { commands } from "../../src/commands/index.ts";

test("the page of commands has the prefix throughout, and names all that take several ids", () => {
  const page = commandsPage(commands, "!guard");

  expect(page).not.toContain("!tyr");
  const several = /\*\*Several at once\.\*\*(.*) take several ids/.exec(page)![1]!;
  for (const { words, takesSeveral } of commands)
    expect([words.join(" "), several.includes(`\`${words.join(" ")}\``)]).toEqual([
      words.join(" "),
      // Two commands share the word, and one of them takes several.
      takesSeveral || words.join(" ") === "redact",
    ]);
});
