// Exchanges grants and blobs with another implementation: reads from standard input what that one
// granted and sealed, opens it, and writes to standard output what this one grants and seals.

import { readFileSync } from "node:fs";
import { ed25519 } from "@noble/curves/ed25519.js";
import * as blob from "./blob.js";
import { type Bytes, text } from "./bytes.js";
import { type Grant, Messages, statement, unwrap, wrap } from "./grant.js";

interface Passed {
  grant: string;
  blob: string;
}

interface Given {
  place: blob.Place;
  terms: Record<string, unknown>;
  giver: { line: string; keyID: string; publicKey: string };
  receiver: { line: string; seed: string };
  sealTo: { line: string; keyID: string; publicKey: string };
  passed: Passed[];
}

const decode = (s: string): Bytes => new Uint8Array(Buffer.from(s, "base64"));
const encode = (b: Uint8Array): string => Buffer.from(b).toString("base64");

const messages = await Messages.load(process.argv[2]);
const given = JSON.parse(readFileSync(0, "utf8")) as Given;
const { private: signing, public: publicKey } = newSigningKey();
const us = given.receiver.line;
const key = await statement(messages, {
  domain: given.place.domain, line: us, use: 1, public_key: publicKey,
  not_before: { seconds: 1700000000 }, not_after: { seconds: 4000000000 },
}, signing);

const opened: string[] = [];
const ours: Passed[] = [];
for (const one of given.passed) {
  opened.push(encode(await blob.open(await open(one), given.place, decode(one.blob))));
  ours.push(await pass(`from TypeScript ${ours.length}`));
}
process.stdout.write(JSON.stringify({ opened, statement: encode(key.bytes), passed: ours }));

function newSigningKey() {
  const secret = ed25519.utils.randomSecretKey();
  return { private: secret, public: ed25519.getPublicKey(secret) };
}

async function open(one: Passed): Promise<Bytes> {
  const grant = messages.decode("Grant", decode(one.grant)) as unknown as Grant;
  const want = { ...given.terms, domain: given.place.domain, giver: given.giver.line, giver_key: decode(given.giver.keyID), receiver: us };
  return unwrap(messages, grant, want, decode(given.giver.publicKey), decode(given.receiver.seed));
}

async function pass(words: string): Promise<Passed> {
  const contentKey = crypto.getRandomValues(new Uint8Array(32));
  const terms = messages.encode("GrantTerms", {
    ...given.terms, domain: given.place.domain, giver: us, giver_key: key.id,
    receiver: given.sealTo.line, receiver_key: decode(given.sealTo.keyID), content_key: await blob.keyID(contentKey),
  });
  const grant = await wrap(contentKey, decode(given.sealTo.publicKey), terms, signing);
  return { grant: encode(messages.encode("Grant", grant)), blob: encode(await blob.seal(contentKey, given.place, text(words))) };
}
