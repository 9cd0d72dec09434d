// Secret storage: what mautrix-go and matrix-rust-sdk wrote is read, and what is written has the form that they read.

import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { createCipheriv, createHmac, hkdfSync } from "node:crypto";
import { formatRecoveryKey, parseRecoveryKey } from "../../../src/matrix/crypto/recovery-key.ts";
import {
  decryptSecret,
  describe as described,
  encryptSecret,
  keyFor,
  idOf,
  newKey,
} from "../../../src/matrix/crypto/secrets.ts";

const algorithm = "m.secret_storage.v1.aes-hmac-sha2";

/** The test data of mautrix-go; its second key is described with padding. */
const mautrix = {
  id: "gEJqbfSEMnP5JXXcukpXEX1l0aI3MDs0",
  recoveryKey: "EsTE s92N EtaX s2h6 VQYF 9Kao tHYL mkyL GKMh isZb KJ4E tvoC",
  passphrase: "correct horse battery staple",
  description: {
    algorithm,
    passphrase: { algorithm: "m.pbkdf2", iterations: 500_000, salt: "y863BOoqOadgDp8S3FtHXikDJEalsQ7d" },
    iv: "xxkTK0L4UzxgAFkQ6XPwsw",
    mac: "MEhooO0ZhFJNxUhvRMSxBnJfL20wkLgle3ocY0ee/eA",
  },
  master: {
    encrypted: {
      gEJqbfSEMnP5JXXcukpXEX1l0aI3MDs0: {
        iv: "BpKP9nQJTE9jrsAssoxPqQ==",
        ciphertext: "fNRiiiidezjerTgV+G6pUtmeF3izzj5re/mVvY0hO2kM6kYGrxLuIu2ej80=",
        mac: "/gWGDGMyOLmbJp+aoSLh5JxCs0AdS6nAhjzpe+9G2Q0=",
      },
    },
  },
  seed: "68f97fd1922eecf6b82bb890d24d0652984e7a1d703b9e867b7ebaf7feb95b6f",
};
const second = {
  recoveryKey: "EsUC xSxt XJgQ dz19 8WBZ rHdE GZo7 ybsn EFmG Y5HY MDAG GNWe",
  description: {
    algorithm,
    iv: "O0BOvTqiIAYjC+RMcyHfWw==",
    mac: "7k6OruQlWg0UmQjxGZ0ad4Q6DdwkgnoI7G6X3IjBYtI=",
  },
};
/** The test data of matrix-rust-sdk. */
const rust = [
  {
    typed: "EsTj 3yST y93F SLpB jJsz eAXc 2XzA ygD3 w69H fGaN TKBj jXEd",
    description: {
      algorithm,
      iv: "xv5b6/p3ExEw++wTyfSHEg==",
      mac: "ujBBbXahnTAMkmPUX2/0+VTfUh63pGyVRuBcDMgmJC8=",
    },
  },
  {
    typed: "It's a secret to everybody",
    description: {
      algorithm,
      iv: "gH2iNpiETFhApvW6/FFEJQ",
      mac: "9Lw12m5SKDipNghdQXKjgpfdj1/K7HFI2brO+UWAGoM",
      passphrase: { algorithm: "m.pbkdf2", salt: "IuLnH7S85YtZmkkBJKwNUKxWF42g9O1H", iterations: 10 },
    },
  },
];

const bytesOf = (recoveryKey: string): Uint8Array => {
  const parsed = parseRecoveryKey(recoveryKey);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.key;
};

test("a recovery key is known by the description that another client wrote, padded or not, and so is a passphrase", async () => {
  const key = bytesOf(mautrix.recoveryKey);

  expect(await keyFor(mautrix.recoveryKey, mautrix.description)).toEqual({ ok: true, key });
  expect(await keyFor(`${mautrix.passphrase}\n`, mautrix.description)).toEqual({ ok: true, key });
  expect(await keyFor(second.recoveryKey, second.description)).toMatchObject({ ok: true });
  for (const { typed, description } of rust)
    expect(await keyFor(typed, description)).toMatchObject({ ok: true });
});

test("a secret that another client wrote is read", () => {
  const opened = decryptSecret(
    { id: mautrix.id, key: bytesOf(mautrix.recoveryKey) },
    "m.cross_signing.master",
    mautrix.master,
  );

  expect(opened).toEqual({ ok: true, secret: Buffer.from(mautrix.seed, "hex").toString("base64") });
});

test.each([
  [
    "with another key",
    mautrix.id,
    second.recoveryKey,
    "m.cross_signing.master",
    "encrypted with another key",
  ],
  [
    "under another name",
    mautrix.id,
    mautrix.recoveryKey,
    "m.cross_signing.self_signing",
    "encrypted with another key",
  ],
  ["under another id", "other", mautrix.recoveryKey, "m.cross_signing.master", "is not kept under this key"],
])("it stays closed %s", (_, id, recoveryKey, name, problem) => {
  const opened = decryptSecret({ id, key: bytesOf(recoveryKey) }, name, mautrix.master);

  expect(opened).toEqual({ ok: false, problem: expect.stringContaining(problem) });
});

test("the key of another account, and a passphrase that is wrong, are refused", async () => {
  const another = { ok: false, problem: "it belongs to another account, or was replaced" };

  expect(await keyFor(second.recoveryKey, mautrix.description)).toEqual(another);
  expect(await keyFor("It's a secret to nobody", rust[1]!.description)).toEqual(another);
  expect(await keyFor("no passphrase here", second.description)).toEqual({
    ok: false,
    problem: "it has 16 characters, and a recovery key has 48",
  });
});

test("a key is taken without a comparison where the description has nothing to compare with", async () => {
  expect(await keyFor(second.recoveryKey, { algorithm })).toMatchObject({ ok: true });
});

/** What it has to be, step by step as the specification says, with nothing of ours. */
function openedByHand(key: Uint8Array, name: string, { iv, ciphertext, mac }: Record<string, string>) {
  const derived = Buffer.from(hkdfSync("sha256", key, Buffer.alloc(32), name, 64));
  const sealed = Buffer.from(ciphertext!, "base64");
  const expected = createHmac("sha256", derived.subarray(32))
    .update(sealed)
    .digest("base64")
    .replace("=", "");
  const cipher = createCipheriv("aes-256-ctr", derived.subarray(0, 32), Buffer.from(iv!, "base64"));
  return { isWhole: expected === mac, text: cipher.update(sealed).toString() };
}

test("what is written is as the specification says, unpadded, and with bit 63 of the vector cleared", async () => {
  const seen = { set: 0 };
  for (let round = 0; round < 40; round++) {
    const key = newKey();
    const [id, description] = [idOf(key), described(key)];
    const content = encryptSecret({ id, key }, "m.cross_signing.master", "a secret");
    const written = (content["encrypted"] as Record<string, Record<string, string>>)[id]!;
    const vectors = [description["iv"] as string, written["iv"]!].map((iv) => Buffer.from(iv, "base64"));
    seen.set += vectors.filter((vector) => (vector[8]! & 0x80) !== 0).length;

    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(idOf(key)).toBe(id);
    expect(JSON.stringify([description, content])).not.toContain("=");
    expect(openedByHand(key, "m.cross_signing.master", written)).toEqual({ isWhole: true, text: "a secret" });
    expect(await keyFor(formatRecoveryKey(key), description)).toEqual({
      ok: true,
      key: Uint8Array.from(key),
    });
  }

  expect(seen.set).toBe(0);
});

test("a vector with bit 63 set is used as it is: such descriptions are there", async () => {
  const key = bytesOf(second.recoveryKey);
  const vector = Buffer.from(described(key)["iv"] as string, "base64");
  vector[8]! |= 0x80;
  const derived = Buffer.from(hkdfSync("sha256", key, Buffer.alloc(32), "", 64));
  const zeros = createCipheriv("aes-256-ctr", derived.subarray(0, 32), vector).update(Buffer.alloc(32));
  const mac = createHmac("sha256", derived.subarray(32)).update(zeros).digest("base64");

  expect(await keyFor(second.recoveryKey, { algorithm, iv: vector.toString("base64"), mac })).toMatchObject({
    ok: true,
  });
});

test("every secret comes back, and with one bit turned it does not", () => {
  const key = newKey();
  const id = idOf(key);
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.nat(), (secret, at) => {
      const content = encryptSecret({ id, key }, "name", secret) as {
        encrypted: Record<string, { ciphertext: string }>;
      };
      expect(decryptSecret({ id, key }, "name", content)).toEqual({ ok: true, secret });

      const bytes = Buffer.from(content.encrypted[id]!.ciphertext, "base64");
      if (bytes.length === 0) return;
      bytes[at % bytes.length]! ^= 1;
      content.encrypted[id]!.ciphertext = bytes.toString("base64");
      expect(decryptSecret({ id, key }, "name", content).ok).toBe(false);
    }),
  );
});

test("whatever the homeserver shows in their place is refused in words, and nothing throws", async () => {
  const key = newKey();
  const id = idOf(key);
  const anything = fc.oneof(
    fc.anything(),
    fc.record({ encrypted: fc.anything() }),
    fc.record({ encrypted: fc.dictionary(fc.constant(id), fc.anything()) }),
    fc.record({
      encrypted: fc.record({
        [id]: fc.record({ iv: fc.anything(), ciphertext: fc.anything(), mac: fc.anything() }),
      }),
      algorithm: fc.constantFrom(algorithm, "other"),
      iv: fc.oneof(fc.base64String(), fc.anything()),
      mac: fc.oneof(fc.base64String(), fc.anything()),
      passphrase: fc.oneof(
        fc.anything(),
        fc.record({
          algorithm: fc.constant("m.pbkdf2"),
          salt: fc.string(),
          iterations: fc.oneof(fc.constantFrom(0, -1, 1.5, 1e12, Infinity), fc.anything()),
        }),
      ),
    }),
  );
  await fc.assert(
    fc.asyncProperty(anything, async (shown) => {
      expect(decryptSecret({ id, key }, "name", shown)).toEqual({ ok: false, problem: expect.any(String) });
      expect(await keyFor("a passphrase", shown)).toEqual({ ok: false, problem: expect.any(String) });
    }),
    { numRuns: 500 },
  );
});
