/**
 * Letters of other alphabets that look like Latin ones, and digits' twins: from Unicode's confusables.txt (Unicode License
 * v3), those that are one letter on both sides and that NFKC leaves alone. The letters that phones and people swap by
 * hand, such as н for h, are added.
 */

const twins: readonly (readonly [string, string])[] = [
  ["2", "ƧϨꙄꝚ"],
  ["3", "ƷȜЗӠⳌꝪꞫ"],
  ["4", "Ꮞ"],
  ["5", "Ƽ"],
  ["6", "бᏮⳒ"],
  ["8", "Ȣȣ"],
  ["9", "ⳊꝮ"],
  ["a", "ɑΑαАаᎪꓮ"],
  ["b", "ƄΒВЬвᏏᏴꓐꞴ"],
  ["c", "СсᏟᴄⲤⲥꓚꮯ"],
  ["d", "ԁᎠᏧꓒꓓ"],
  ["e", "ΕεЕеҽᎬꓰꬲ"],
  ["f", "ϜքẝꓝꞘꞙꬵ"],
  ["g", "ƍɡԌցᏀᏳᶃꓖ"],
  ["h", "ΗНнһհᎻᏂⲎꓧ"],
  ["i", "ıɩɪιіӏΙІӀᎥꙇꭵ"],
  ["j", "ͿϳЈјᎫꓙꞲ"],
  ["k", "ΚКкᏦⲔꓗ"],
  ["l", "ƖǀᏞⲒⳐꓡꓲ"],
  ["m", "ΜϺМмᎷⲘꓟ"],
  ["n", "ΝηոռⲚꓠ"],
  ["o", "ΟοσОоՕօᴏᴑⲞⲟꓳꬽ"],
  ["p", "ΡρРрᏢⲢⲣꓑ"],
  ["q", "ԛգզ"],
  ["r", "ƦгᎡᏒᴦⲅꓣꭇꭈꮁ"],
  ["s", "ƽЅѕՏᏕᏚꓢꜱꮪ"],
  ["t", "ΤТтᎢⲦꓔ"],
  ["u", "ʋυՍսᴜꓴꞟꭎꭒ"],
  ["v", "νѴѵᏙᴠꓦꮩ"],
  ["w", "ɯωѡԜԝաᎳᏔᴡꓪꮃ"],
  ["x", "ΧχХхⲬꓫꞳ"],
  ["y", "ɣʏΥγУуҮүᎩᎽᶌỿⲨꓬꭚ"],
  ["z", "ΖᏃᴢꓜꮓ"],
];

/** The Latin letter or digit, in lower case, that a letter of another alphabet looks like. */
export const latinTwins: ReadonlyMap<string, string> = new Map(
  twins.flatMap(([latin, others]) => [...others].map((other) => [other, latin] as const)),
);

/** The Cyrillic letter, in lower case, that a Latin letter looks like: for Russian words with Latin letters in them. */
export const cyrillicTwins: ReadonlyMap<string, string> = new Map(
  (
    [
      ["a", "а"],
      ["b", "в"],
      ["c", "с"],
      ["e", "е"],
      ["h", "н"],
      ["i", "і"],
      ["k", "к"],
      ["m", "м"],
      ["o", "о"],
      ["p", "р"],
      ["t", "т"],
      ["x", "х"],
      ["y", "у"],
    ] as const
  ).flatMap(([latin, cyrillic]) => [
    [latin, cyrillic],
    [latin.toUpperCase(), cyrillic],
  ]),
);

const letters = "abcdefghijklmnopqrstuvwxyz";

/** Letters that only decorate, and that NFKC leaves alone: small capitals, white letters in black circles and squares. */
export const ornaments: ReadonlyMap<string, string> = new Map([
  ...[..."ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡxʏᴢ"].map((one, i) => [one, letters[i]!] as const),
  ...[...letters].map((letter, i) => [String.fromCodePoint(0x1_f150 + i), letter] as const),
  ...[...letters].map((letter, i) => [String.fromCodePoint(0x1_f170 + i), letter] as const),
]);
