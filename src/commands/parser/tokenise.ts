/**
 * Splits a line into words and quoted texts. Phones turn quotes into curly ones and two dashes into a long one, and
 * reasons contain apostrophes: none of that may change the meaning of a command.
 */

export interface Token {
  readonly text: string;
  /** Offset in the line. */
  readonly start: number;
  readonly isQuoted: boolean;
  /** As it was typed, before long dashes became short ones. */
  readonly typed: string;
}

const closingFor: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  "“": "”",
  "„": "“”",
  "”": "”",
  "‘": "’",
  "‚": "‘’",
  "«": "»",
  "»": "«",
};
/** Quotes that are also apostrophes open a quotation only if another one closes it at the end of a word. */
const apostrophes = "'‘‚";

export function tokenise(line: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < line.length) {
    if (/\s/.test(line[at]!)) {
      at++;
      continue;
    }
    const quoted = readQuoted(line, at);
    const token = quoted ?? readWord(line, at);
    tokens.push({
      text: quoted ? token.text : withPlainDashes(token.text),
      start: at,
      isQuoted: quoted !== undefined,
      typed: token.text,
    });
    at = token.end;
  }
  return tokens;
}

/** Offset of the end of the token, after its closing quote. */
export function endOf({ start, typed, isQuoted }: Token): number {
  return start + typed.length + (isQuoted ? 2 : 0);
}

function readQuoted(line: string, start: number): { text: string; end: number } | undefined {
  const closing = closingFor[line[start]!];
  if (closing === undefined) return undefined;
  for (let at = start + 1; at < line.length; at++) {
    if (!closing.includes(line[at]!)) continue;
    const endsWord = at + 1 === line.length || /\s/.test(line[at + 1]!);
    if (endsWord || !apostrophes.includes(line[start]!))
      return { text: line.slice(start + 1, at), end: at + 1 };
  }
  return undefined;
}

function readWord(line: string, start: number): { text: string; end: number } {
  let end = start;
  while (end < line.length && !/\s/.test(line[end]!)) end++;
  return { text: line.slice(start, end), end };
}

/** "—room" and "–room" are what a phone makes of "--room". */
function withPlainDashes(word: string): string {
  return /^[—–]+-?[a-z]/i.test(word) ? `--${word.replace(/^[—–-]+/, "")}` : word;
}
