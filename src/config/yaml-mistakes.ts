/** Mistakes of YAML syntax in plain words. The library's own messages may quote the line, and a secret with it. */
import type { ErrorCode } from "yaml";

interface Words {
  readonly cause: string;
  readonly hint: string;
}

export function yamlMistake(code: ErrorCode): Words {
  return (
    common[code] ?? { cause: "not valid YAML", hint: "config/default.yaml shows how settings are written." }
  );
}

/** Whether the rest of the file may be misread because of it. */
export function isStructural(code: ErrorCode): boolean {
  return code !== "BAD_SCALAR_START" && code !== "BAD_DQ_ESCAPE" && code !== "TAG_RESOLVE_FAILED";
}

const inQuotes = "Put the value in quotes.";

const common: { readonly [code in ErrorCode]?: Words } = {
  BAD_SCALAR_START: {
    cause: "a value that starts with @, % or ` must be in quotes",
    hint: `For example "@you:example.org".`,
  },
  BAD_DQ_ESCAPE: {
    cause: "a \\ in double quotes means something else to YAML",
    hint: "Use single quotes, or write \\\\.",
  },
  BAD_INDENT: {
    cause: "the spaces before this line do not fit the lines above",
    hint: "Align it with them.",
  },
  BLOCK_AS_IMPLICIT_KEY: { cause: "a second colon in one line", hint: inQuotes },
  MISSING_CHAR: {
    cause: "a quote, bracket or comma is missing",
    hint: "Look for one that is opened and not closed. A value that starts with # must be in quotes.",
  },
  MULTIPLE_DOCS: { cause: "a second document begins here", hint: "Remove the line with ---." },
  MULTILINE_IMPLICIT_KEY: { cause: "a name without a colon after it", hint: "Write name: value." },
  TAB_AS_INDENT: { cause: "a tab at the start of the line", hint: "Use spaces." },
  UNEXPECTED_TOKEN: { cause: "something here does not belong", hint: inQuotes },
  BAD_ALIAS: { cause: "a value that starts with * or & must be in quotes", hint: inQuotes },
};
