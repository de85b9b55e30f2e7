// Judges credentials as a foreign verifier would, with libraries of other houses and nothing of ours.
//
// Reads from standard input a list of {token | secured, did, statusLists: {address: token}, contexts: {address: JSON}, now}.
// Writes a list of {accepted, reason, claims}. Each is judged by its own input alone, without a network: whatever is not in it
// cannot be loaded.

import { gunzipSync } from "node:zlib";
import { readFileSync } from "node:fs";
import { createLocalJWKSet, jwtVerify } from "jose";
import { DataIntegrityProof } from "@digitalbazaar/data-integrity";
import { cryptosuite } from "@digitalbazaar/eddsa-rdfc-2022-cryptosuite";
import * as vc from "@digitalbazaar/vc";

// What the credential that is judged now is judged by.
let input, now, keys;

/** The keys of a DID document that may assert, as jose wants them. */
function assertingKeys(did) {
  return createLocalJWKSet({
    keys: did.verificationMethod
      .filter(({ id, publicKeyJwk }) => publicKeyJwk && did.assertionMethod.includes(id))
      .map(({ id, publicKeyJwk }) => ({ ...publicKeyJwk, kid: id, alg: "ES256", use: "sig" })),
  });
}

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

async function verdictOn(question) {
  input = question;
  now = new Date(input.now);
  keys = assertingKeys(input.did);
  try {
    const claims = input.token ? await judgeToken(input.token) : await judgeProof(input.secured);
    return { accepted: true, reason: "", claims };
  } catch (fault) {
    return { accepted: false, reason: `${fault.code ?? fault.name}: ${fault.message}` };
  }
}

const verdicts = [];
for (const question of JSON.parse(readFileSync(0, "utf8"))) verdicts.push(await verdictOn(question));
console.log(JSON.stringify(verdicts));
