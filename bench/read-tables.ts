// Reads the tables that benchmarks print. Every revision prints them alike, so that an old one can be compared without
// knowing how it measures.

export interface Figure {
  /** Of several runs the middle one, as printed. */
  readonly value: number;
  readonly unit: string;
}

/** Between the title of a table, a row, and a row below it. */
export const separator = " > ";

/** Figures by `title > row`, a row that is indented standing below the one before it. */
export function readTables(output: string): ReadonlyMap<string, Figure> {
  const figures = new Map<string, Figure>();
  let title = "";
  let parent = "";
  for (const line of output.split("\n")) {
    if (/^\S/.test(line)) {
      title = line.trim();
      parent = "";
      continue;
    }
    const [name = "", measured = ""] = line.trim().split(/ {2,}/);
    const figure = readFigure(measured);
    if (!figure || title === "") continue;
    const isBelow = /^ {4}\S/.test(line);
    if (!isBelow) parent = name;
    figures.set([title, ...(isBelow ? [parent] : []), name].join(separator), figure);
  }
  return figures;
}

/** `1,234 (1,200-1,300) ms`, `0.512 µs`, `14`: the number and its unit. */
function readFigure(text: string): Figure | undefined {
  const [, number, unit] = /^([\d,]+(?:\.\d+)?)(?: \([\d,.]+-[\d,.]+\))?(?: (ms|µs|s|MB))?$/.exec(text) ?? [];
  return number === undefined ? undefined : { value: Number(number.replaceAll(",", "")), unit: unit ?? "" };
}
