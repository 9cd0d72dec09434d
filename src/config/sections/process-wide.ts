/** What there is once in a process, however many communities it runs. */
import { choice, optionalText, section, textOr, wholeNumber, yesNo } from "../kinds.ts";

export const web = section(
  "What other programs on this machine can ask Tyr, by HTTP: whether it is well, and figures.",
  {
    enabled: yesNo(true, "Answer /healthz (does Tyr live) and /readyz (are rooms protected right now)."),
    metrics: yesNo(
      false,
      "Answer /metrics with figures for Prometheus (docs/metrics.md). They name no people, rooms or servers, but protections and lists.",
    ),
    host: textOr("127.0.0.1", {
      meaning:
        "Address on which Tyr answers. Nothing that it tells is secret; still, whoever need not ask should not be able to.",
      example: "127.0.0.1",
    }),
    port: wholeNumber({
      meaning:
        "Port on which Tyr answers; 0 takes any that is free, and the log says which. A port that is taken is a warning, and Tyr goes on.",
      unit: "port",
      default: 8787,
      min: 0,
      max: 65_535,
    }),
    publicUrl: optionalText(
      {
        meaning:
          "Address under which moderators open Tyr's web page (docs/web.md). Without it there is no page. A reverse proxy that has the certificate hands on to web.host and web.port.",
        example: "https://tyr.example.org",
        expected: "an address that starts with https://, or with http://localhost, without a path",
      },
      parsePublicUrl,
    ),
    sessionHours: wholeNumber({
      meaning: "How long a browser stays signed in at most.",
      unit: "h",
      default: 12,
      min: 1,
      max: 168,
    }),
    idleMinutes: wholeNumber({
      meaning: "After so long without use a browser is signed out.",
      unit: "min",
      default: 30,
      min: 5,
      max: 720,
    }),
    stuckAfterMs: wholeNumber({
      meaning:
        "Tyr is not well when its sync has not gone round for this long. A round takes sync.longPollMs at most, and a little more where the homeserver falls silent; much less than that would have Tyr restarted for nothing.",
      unit: "ms",
      default: 300_000,
      min: 60_000,
      max: 7_200_000,
    }),
  },
);

/** As browsers say it in `Origin`. Without TLS whoever is on the way could act as a moderator: only on the same machine. */
function parsePublicUrl(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || url.username !== "" || url.password !== "") return undefined;
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") return undefined;
  const isHere = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  return url.protocol === "https:" || (url.protocol === "http:" && isHere) ? url.origin : undefined;
}

export const log = section("What Tyr writes to its log.", {
  level: choice(
    ["trace", "debug", "info", "warn", "error", "fatal", "silent"],
    "info",
    "The least important messages that are written. Neither the text of people's messages nor tokens are written at any level.",
  ),
});
