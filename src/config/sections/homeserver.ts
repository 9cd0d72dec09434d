/** The account Tyr acts with: one for each community. */
import { anyText, optionalSecret, optionalText, requiredText, section } from "../kinds.ts";

export const homeserver = section("The account Tyr acts with, and the server it lives on.", {
  url: requiredText(
    {
      meaning: "Address of the homeserver's client API.",
      example: "https://matrix.example.org",
      expected: "an address that starts with https:// or http://, without a name or password in it",
    },
    parseAddress,
  ),
  accessToken: optionalSecret({
    meaning: "Access token of Tyr's account: one of the two ways to log in.",
    example: "syt_…",
  }),
  accessTokenFile: optionalText(
    {
      meaning: "File that holds the access token, so that the token need not be in this file.",
      example: "/run/secrets/tyr-token",
      expected: "the name of a file",
      holds: "homeserver.accessToken",
    },
    anyText,
  ),
  user: optionalText(
    {
      meaning: "Tyr's user id, for the other way to log in: by password. Tyr keeps the token it gets.",
      example: "@tyr:example.org",
    },
    anyText,
  ),
  password: optionalSecret({ meaning: "Password that belongs to the user.", example: "…" }),
  passwordFile: optionalText(
    {
      meaning: "File that holds the password, so that the password need not be in this file.",
      example: "/run/secrets/tyr-password",
      expected: "the name of a file",
      holds: "homeserver.password",
    },
    anyText,
  ),
});

function parseAddress(text: string): string | undefined {
  const url = URL.parse(text);
  const isWeb = url?.protocol === "https:" || url?.protocol === "http:";
  if (url === null || !isWeb || url.username !== "" || url.password !== "") return undefined;
  if (url.search !== "" || url.hash !== "") return undefined;
  return text.replace(/\/+$/, "");
}
