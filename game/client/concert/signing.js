// Signing: the canonical bytes of an opinion, its digest, and a guest's signature, as the ledger has them.
import { blake2b, getPublicKey, hashes, sha512, sign as signBytes } from "../vendor/noble.js";

hashes.sha512 = sha512; // the browser's own needs https

const DIGEST_SIZE = 32;
const MODALITIES = ["manual", "signal", "comment", "plugin"];
const text = new TextEncoder();

export const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Throws a RangeError when `hex` is not pairs of hexadecimal digits. */
export function fromHex(hex) {
  if (!/^([0-9a-f]{2})*$/i.test(hex)) throw new RangeError("not hexadecimal");
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export const chance = (size) => crypto.getRandomValues(new Uint8Array(size));

function whole(number, size) {
  const bytes = [];
  for (let left = BigInt(number), place = 0; place < size; place++, left >>= 8n) bytes.unshift(Number(left & 255n));
  return bytes;
}

/** The head of something with a length, or of a number: the smallest form that holds it. */
function head(number, forms) {
  const [, code, size] = forms.find(([limit]) => number < limit);
  return size ? [code, ...whole(number, size)] : [code + number];
}

const STRING = [[32, 0xa0, 0], [256, 0xd9, 1], [65_536, 0xda, 2], [2 ** 32, 0xdb, 4]];
const BINARY = [[256, 0xc4, 1], [65_536, 0xc5, 2], [2 ** 32, 0xc6, 4]];
const ARRAY = [[16, 0x90, 0], [65_536, 0xdc, 2], [2 ** 32, 0xdd, 4]];
const NUMBER = [[128, 0, 0], [256, 0xcc, 1], [65_536, 0xcd, 2], [2 ** 32, 0xce, 4], [2 ** 53, 0xcf, 8]];

function pack(value, into) {
  if (typeof value === "string") {
    const bytes = text.encode(value);
    into.push(...head(bytes.length, STRING), ...bytes);
  } else if (value instanceof Uint8Array) into.push(...head(value.length, BINARY), ...value);
  else if (Array.isArray(value)) {
    into.push(...head(value.length, ARRAY));
    for (const item of value) pack(item, into);
  } else if (Number.isSafeInteger(value) && value >= 0) into.push(...head(value, NUMBER));
  else throw new TypeError(`${typeof value} has no canonical form`);
}

/** The canonical bytes of a whole number from 0 on, a string, bytes, or an array of such. */
export function encode(value) {
  const bytes = [];
  pack(value, bytes);
  return Uint8Array.from(bytes);
}

/** BLAKE2b-256 of a purpose and its parts. */
export const taggedDigest = (tag, ...parts) => blake2b(encode([tag, ...parts]), { dkLen: DIGEST_SIZE });

/** The salted blob of what somebody says. */
export const wordsDigest = (salt, words) => taggedDigest("words", salt, words);

/**
 * What a guest signs of an opinion: `opinion` as the API has it, with `session`, `performer`, `salt` and `comment_salt`
 * in hex; `teller` and `voice` are keys in hex.
 */
export function opinionDigest(opinion, teller, voice) {
  const comment = opinion.comment ? wordsDigest(fromHex(opinion.comment_salt), opinion.comment) : new Uint8Array(0);
  const body = [
    fromHex(opinion.session), fromHex(opinion.performer), opinion.score_ppm, [...opinion.tags].sort(),
    MODALITIES.indexOf(opinion.modality), opinion.method, comment, fromHex(opinion.salt),
  ];
  return taggedDigest("opinion", body, fromHex(teller), fromHex(voice));
}

/** What a guest signs to come in: the concert, the host, their own key and what the door just asked, each in hex. */
export const doorDigest = (concert, teller, key, challenge) => taggedDigest("door", ...[concert, teller, key, challenge].map(fromHex));

export const publicKey = (seed) => getPublicKey(seed);

/** The Ed25519 signature by `seed` over a digest, for this network and as a guest, in hex. */
export function signAsGuest(seed, network, subject) {
  const purpose = text.encode(`popd/1/${network}/guest\0`);
  return toHex(signBytes(Uint8Array.of(...purpose, ...subject), seed));
}
