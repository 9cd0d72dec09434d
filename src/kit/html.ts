/** Pieces of HTML as clients write it, read with bounded patterns: hostile HTML takes linear time. */

const namedReferences: ReadonlyMap<string, string> = new Map([
  ...["lt", "LT"].map((name) => [name, "<"] as const),
  ...["gt", "GT"].map((name) => [name, ">"] as const),
  ...["quot", "QUOT"].map((name) => [name, '"'] as const),
  ...["amp", "AMP"].map((name) => [name, "&"] as const),
  ["apos", "'"],
  ["nbsp", "\u00a0"],
]);

/** A value of an attribute, within a pattern: in double quotes, single quotes or none. `start`: what it begins with. */
export function attributeValue(start = ""): string {
  return `(?:"(${start}[^"]{1,1000})"|'(${start}[^']{1,1000})'|(${start}[^\\s"'>]{1,1000}))`;
}

/** Character references as clients write them; others stay as they are. Names are told apart by case: `&Lt;` is no `<`. */
export function unescapeHtml(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-zA-Z]{2,6}));/g,
    (whole, decimal, hex, name) => {
      if (typeof name === "string") return namedReferences.get(name) ?? whole;
      const point = typeof decimal === "string" ? Number(decimal) : Number.parseInt(String(hex), 16);
      return point > 0 && point <= 0x10_ffff ? String.fromCodePoint(point) : whole;
    },
  );
}
