import { describe, expect, test } from "@jest/globals";
import { domainOf, linksIn } from "../../src/kit/links.ts";

describe("links", () => {
  test.each([
    ["see https://www.Evil.example/x?y", ["evil.example"]],
    ["see evil.com/x", ["evil.com"]],
    ["hxxps://evil.example", ["evil.example"]],
    ["evil[.]com and evil (dot) com/x", ["evil.com"]],
    ["hxxps[:]//evil[.]example and hxxp[://]evil[.]example[/]x", ["evil.example"]],
    ["https://evil.example./x", ["evil.example"]],
    ["https://ev\u200bil.example/x", ["evil.example"]],
    ["http://1.2.3.4:80/", ["1.2.3.4"]],
    ["https://matrix.to/#/@a:b.example", ["matrix.to"]],
  ])("in %s", (text, hosts) => {
    expect([...new Set(linksIn(text).map(({ host }) => host))]).toEqual(hosts);
  });

  test.each(["no links here", "see readme.md and main.rs", "e.g. this", "10:30", "a.b", "1.2.3"])(
    "none in: %s",
    (text) => {
      expect(linksIn(text)).toEqual([]);
    },
  );

  test.each([
    ["www.foo.co.uk", "foo.co.uk"],
    ["a.b.example.org", "example.org"],
    ["1.2.3.4", "1.2.3.4"],
    ["localhost", "localhost"],
  ])("%s was registered as %s", (host, domain) => {
    expect(domainOf(host)).toBe(domain);
  });
});
