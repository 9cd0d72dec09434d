import { describe, expect, test } from "@jest/globals";
import { collect, type Ask } from "../../../src/cli/setup/answers.ts";
import { readFlags } from "../../../src/cli/setup/flags.ts";

const files: Readonly<Record<string, string>> = {
  token: "syt_token\n",
  password: "pass word\n",
  empty: "\n",
};
const readFile = (file: string) => {
  const text = files[file];
  if (text === undefined) throw Object.assign(new Error("gone"), { code: "ENOENT" });
  return text;
};

/** Answers questions in turn; what they were is kept. */
function person(...answers: readonly string[]): Ask & { readonly asked: string[] } {
  const left = [...answers];
  const asked: string[] = [];
  const answer = (question: string) => {
    asked.push(question);
    const next = left.shift();
    return next === undefined
      ? Promise.reject(new Error(`nobody answers: ${question}`))
      : Promise.resolve(next);
  };
  return { asked, line: answer, secret: answer };
}

const collected = (argv: readonly string[], ask?: Ask) =>
  collect(readFlags(["setup", ...argv]).flags, { ask, readFile });

async function problemsOf(argv: readonly string[]): Promise<readonly string[]> {
  const { problems } = readFlags(["setup", ...argv]);
  const answer = await collected(argv);
  return [...problems, ...(answer.ok ? [] : answer.problems)];
}

describe("without anybody to ask", () => {
  test("all that is missing is told at once", async () => {
    expect(await problemsOf([])).toEqual([
      expect.stringMatching(/^--homeserver: /),
      expect.stringMatching(/^--user: /),
      expect.stringMatching(/^--passwordFile, --accessTokenFile or --registrationSecretFile: /),
      expect.stringMatching(/^--manager: /),
    ]);
  });

  test("all that is wrong is told at once, and no secret with it", async () => {
    const problems = await problemsOf([
      ...["--homeserver", "http://", "--user", "Bad Name", "--manager", "me", "--managementRoom", "room"],
      ...["--accessTokenFile", "syt_secret", "--passwordFile", "empty", "--manger", "@me:x", "stray"],
    ]);

    expect(problems).toEqual([
      expect.stringContaining("a word on the command line"),
      '--manger: unknown. Did you mean "--manager"?',
      expect.stringMatching(/^--user: expected/),
      expect.stringMatching(/^--manager: expected/),
      expect.stringMatching(/^--managementRoom: expected/),
      expect.stringMatching(/^--homeserver: expected/),
      "--passwordFile and --accessTokenFile: keep one of them.",
      expect.stringMatching(/^--passwordFile: the file is empty/),
      expect.stringMatching(/^--accessTokenFile: the file cannot be read \(ENOENT\)/),
    ]);
    expect(problems.join()).not.toContain("syt_secret");
  });

  test("a token needs no user, and a user id names the homeserver", async () => {
    const byToken = await collected([
      ...["--homeserver", "https://hs.test", "--accessTokenFile", "token", "--manager", "@me:hs.test"],
      ...["--out", "/etc/tyr"],
    ]);
    const byPassword = await collected([
      ...[
        "--user",
        "@tyr:example.org",
        "--passwordFile",
        "password",
        "--managementRoom",
        "#mods:example.org",
      ],
    ]);

    expect(byToken).toEqual({
      ok: true,
      answers: {
        homeserver: "https://hs.test",
        login: { kind: "token", accessToken: "syt_token" },
        manager: "@me:hs.test",
        managementRoom: undefined,
        out: "/etc/tyr",
        profile: "usual",
        dataPath: "/etc/tyr/data",
        adminToken: undefined,
        antispam: false,
        force: false,
      },
    });
    expect(byPassword).toMatchObject({
      answers: {
        homeserver: "example.org",
        login: { kind: "password", user: "@tyr:example.org", password: "pass word" },
        manager: undefined,
        managementRoom: "#mods:example.org",
      },
    });
  });
});

describe("with somebody to ask", () => {
  test("what no flag says is asked for, until it makes sense", async () => {
    const ask = person(
      "not a server!",
      "example.org",
      "7",
      "",
      "@tyr:example.org",
      "",
      "hunter2",
      "me",
      "@me:x.org",
      "",
    );

    const answer = await collected([], ask);

    expect(answer).toMatchObject({
      answers: {
        homeserver: "example.org",
        login: { kind: "password", user: "@tyr:example.org", password: "hunter2" },
        manager: "@me:x.org",
        adminToken: undefined,
      },
    });
    expect(ask.asked).toHaveLength(10);
  });

  test("each way in is asked for in its own words", async () => {
    const token = await collected(["--homeserver", "example.org"], person("2", "syt_x", "@me:x.org"));
    const register = await collected(
      ["--homeserver", "example.org"],
      person("3", "@tyr:example.org", "shared", "@me:x.org"),
    );

    expect(token).toMatchObject({ answers: { login: { kind: "token", accessToken: "syt_x" } } });
    expect(register).toMatchObject({
      answers: { login: { kind: "register", localpart: "tyr", secret: "shared" } },
    });
  });

  test("nothing is asked where flags say it all", async () => {
    const ask = person();

    const answer = await collected(
      ["--homeserver", "example.org", "--accessTokenFile", "token", "--manager", "@me:x.org"],
      ask,
    );

    expect(answer.ok).toBe(true);
    expect(ask.asked).toEqual([]);
  });

  test("mistakes in flags are told before anything is asked", async () => {
    const ask = person();

    expect(await collected(["--user", "Bad Name"], ask)).toMatchObject({ ok: false });
    expect(ask.asked).toEqual([]);
  });
});
