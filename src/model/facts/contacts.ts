/** Ways to reach somebody elsewhere, in a text: handles, numbers, wallets, mail addresses. */

/** So many letters are looked at. */
const maxLooked = 24_000;

const forms: readonly RegExp[] = [
  // A handle: @name that is no Matrix id.
  /(?:^|[\s(:])@[a-z][a-z0-9_]{3,31}(?![a-z0-9_:.])/gi,
  // A phone number with its country.
  /\+\d[\d\s().-]{7,17}\d/g,
  // Wallets: Bitcoin, Ethereum, Tron.
  /\b(?:bc1[a-z0-9]{20,60}|[13][a-km-zA-HJ-NP-Z1-9]{25,34}|0x[a-f0-9]{40}|T[a-km-zA-HJ-NP-Z1-9]{33})\b/g,
  // A mail address.
  /\b[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}\b/gi,
  // Messengers by name, with what follows them.
  /\b(?:telegram|whats\s?app|signal|wechat|line|snapchat)\b\s*[:@]\s*\S/gi,
];

export function contactsIn(text: string): number {
  return contactsFound(text).length;
}

/** As they are written. */
export function contactsFound(text: string): readonly string[] {
  const looked = text.slice(0, maxLooked);
  return forms.flatMap((form) => looked.match(form) ?? []);
}
