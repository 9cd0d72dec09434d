// A conversation as an SVG picture that reads well in light and dark surroundings.

export interface Line {
  readonly by: "Tyr" | "Mod";
  readonly text: string;
  readonly marks: readonly string[];
}

const width = 860;
const margin = 24;
const lineHeight = 19;
const charactersInLine = 104;

export function drawing(said: readonly Line[]): string {
  const parts: string[] = [];
  let y = margin;
  for (const { by, text, marks } of said) {
    const rows = text.split("\n").flatMap(wrapped);
    const height = (rows.length + 1) * lineHeight + 12;
    const isTyr = by === "Tyr";
    parts.push(
      `<rect x="${margin}" y="${y}" width="${width - 2 * margin}" height="${height}" rx="8" fill="${isTyr ? "#f3f6fb" : "#ffffff"}"/>`,
      `<text x="${margin + 14}" y="${y + 20}" font-weight="bold" fill="${isTyr ? "#0b6e4f" : "#8a3ffc"}">${by}${marks.length > 0 ? `<tspan font-weight="normal" fill="#555" dx="10">${escaped(marks.join(" "))}</tspan>` : ""}</text>`,
      ...rows.map(
        (row, i) =>
          `<text x="${margin + 14}" y="${y + 20 + (i + 1) * lineHeight}" fill="#1d2127" xml:space="preserve">${escaped(row)}</text>`,
      ),
    );
    y += height + 8;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y + margin - 8}" width="${width}" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="13" role="img" aria-label="A session in the management room">`,
    `<rect width="100%" height="100%" rx="12" fill="#e3e8f0"/>`,
    ...parts,
    "</svg>",
    "",
  ].join("\n");
}

/** At spaces, so that no line runs out of the picture. */
function wrapped(line: string): readonly string[] {
  const rows: string[] = [];
  let row = "";
  for (const word of line.split(" ")) {
    if (row !== "" && row.length + 1 + word.length > charactersInLine) {
      rows.push(row);
      row = `  ${word}`;
    } else row = row === "" ? word : `${row} ${word}`;
  }
  return [...rows, row];
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
