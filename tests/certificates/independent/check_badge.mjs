// Judges a credential as a foreign verifier would, with libraries of other houses and nothing of ours.
//
// Reads from standard input: {token | secured, did, statusLists: {address: token}, contexts: {address: JSON}, now}.
// Writes {accepted, reason, claims}. No network: whatever is not in the input cannot be loaded.

import { gunzipSync } from "node:zlib";
import { readFileSync } from "node:fs";
import { createLocalJWKSet, jwtVerify } from "jose";
import { DataIntegrityProof } from "@digitalbazaar/data-integrity";
import { cryptosuite } from "@digitalbazaar/eddsa-rdfc-2022-cryptosuite";
import * as vc from "@digitalbazaar/vc";

const input = JSON.parse(readFileSync(0, "utf8"));
const now = new Date(input.now);

/** The keys of a DID document that may assert, as jose wants them. */
function assertingKeys(did) {
  return createLocalJWKSet({
    keys: did.verificationMethod
      .filter(({ id, publicKeyJwk }) => publicKeyJwk && did.assertionMethod.includes(id))
      .map(({ id, publicKeyJwk }) => ({ ...publicKeyJwk, kid: id, alg: "ES256", use: "sig" })),
  });
}

const keys = assertingKeys(input.did);

async function readToken(token, typ) {
  const { payload, protectedHeader } = await jwtVerify(token, keys, {
    algorithms: ["ES256"],
    currentDate: now,
    issuer: input.did.id,
    typ,
  });
  return { payload, protectedHeader };
}

/** Throws when a status list says something against the credential, or cannot be asked. */
async function checkStatuses(credential) {
  for (const entry of [credential.credentialStatus ?? []].flat()) {
    const { payload: list } = await readToken(input.statusLists[entry.statusListCredential], "vc+jwt");
    const { statusPurpose, encodedList, ttl } = list.credentialSubject;
    if (list.id !== entry.statusListCredential || statusPurpose !== entry.statusPurpose) throw new Error("wrong list");
    if (!(ttl > 0) || encodedList[0] !== "u") throw new Error("malformed list");
    const bits = gunzipSync(Buffer.from(encodedList.slice(1), "base64url"));
    if (bits.length * 8 < 131072) throw new Error("list too short");
    const index = Number(entry.statusListIndex);
    if (bits[index >> 3] & (0x80 >> (index & 7))) throw new Error(statusPurpose);
  }
}

async function judgeToken(token) {
  const { payload, protectedHeader } = await readToken(token, "JWT");
  const same =
    payload.iss === payload.issuer.id &&
    payload.jti === payload.id &&
    payload.sub === payload.credentialSubject.id &&
    payload.nbf * 1000 === Date.parse(payload.validFrom) &&
    (payload.validUntil ? payload.exp * 1000 === Date.parse(payload.validUntil) : payload.exp === undefined);
  if (!same || !protectedHeader.kid.startsWith(`${payload.iss}#`)) throw new Error("claims differ");
  await checkStatuses(payload);
  return payload;
}

async function load(url) {
  const method = input.did.verificationMethod.find(({ id }) => id === url);
  const document = input.contexts[url] ?? (url === input.did.id ? input.did : method);
  if (document) {
    const context = { "@context": input.did["@context"] };
    return { contextUrl: null, documentUrl: url, document: method ? { ...context, ...document } : document };
  }
  return vc.defaultDocumentLoader(url);
}

async function judgeProof(secured) {
  const result = await vc.verifyCredential({
    credential: secured,
    suite: new DataIntegrityProof({ cryptosuite }),
    documentLoader: load,
    now,
    checkStatus: async ({ credential }) => {
      await checkStatuses(credential);
      return { verified: true };
    },
  });
  if (!result.verified) throw result.error?.errors?.[0] ?? result.error;
  return secured;
}

try {
  const claims = input.token ? await judgeToken(input.token) : await judgeProof(input.secured);
  console.log(JSON.stringify({ accepted: true, reason: "", claims }));
} catch (fault) {
  console.log(JSON.stringify({ accepted: false, reason: `${fault.code ?? fault.name}: ${fault.message}` }));
}
