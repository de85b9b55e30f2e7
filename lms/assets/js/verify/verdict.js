// The offline verdict about a scanned certificate, by the cached keys and status list.

import { NotAuthentic } from "./base64url.js";
import { isSignedBy } from "./cose.js";
import { readAddress, readFacts } from "./payload.js";
import { statusAt } from "./status.js";

const DAY_LENGTH = 86_400_000;

/**
 * {state, facts, since}. `facts` are null unless the signature is right; `since` is the moment of the status list. A
 * certificate begins and ends with a day in `timeZone`, that of the place of issue.
 *
 * States: `none` (the address carries no certificate), `damaged` (it carries something that is not whole), `forged`, `key-unknown`, `key-not-valid-then` (signed after
 * the key's time), `key-compromised`, `revoked`, `replaced`, `not-yet-valid`, `expired`, `suspended`, `status-unknown`, `valid`.
 *
 * @param {string} address
 * @param {Partial<import("./status.js").Limits> & { keySet: import("./keys.js").KeySet, statusList?: import("./status.js").StatusList | null, timeZone?: string }} known
 */
export async function evaluateAddress(
  address,
  { keySet, statusList = null, now = new Date(), hoursKept = 24, timeZone = "UTC", seen, isCutOff },
) {
  try {
    const read = readAddress(address);
    const limits = { now, hoursKept, seen, isCutOff };
    return read ? await verdictOf(read, { keySet, statusList, today: dayOf(now, timeZone), ...limits }) : verdict("none");
  } catch (fault) {
    if (fault instanceof NotAuthentic) return verdict("damaged");
    throw fault;
  }
}

/**
 * @param {NonNullable<ReturnType<typeof readAddress>>} read
 * @param {import("./status.js").Limits & { keySet: import("./keys.js").KeySet, statusList: import("./status.js").StatusList | null, today: Date }} known
 */
async function verdictOf({ code, kid, payload, signature, signed }, { keySet, statusList, today, ...limits }) {
  const candidates = keySet.keys.filter((key) => key.kid === kid);
  if (!candidates.length) return verdict("key-unknown");
  const answers = await Promise.all(candidates.map(({ jwk }) => isSignedBy(jwk, signature, signed)));
  const key = candidates[answers.indexOf(true)];
  if (!key) return verdict("forged");
  const facts = readFacts(payload);
  // A genuine payload under the address of another certificate.
  if (code !== facts.code) return verdict("forged");
  // A forgery can be backdated: signatures of a compromised key are not trusted without the register.
  if (key.compromisedAt) return verdict("key-compromised", facts);
  if (isAfterItsTime(key, facts.signedOn ?? facts.issuedOn)) return verdict("key-not-valid-then", facts);
  const { status, since } = statusAt(statusList, facts.statusIndex, limits);
  if (status === "revoked" || status === "replaced") return verdict(status, facts, since);
  if (facts.validFrom && today < facts.validFrom) return verdict("not-yet-valid", facts, since);
  if (facts.expiresOn && today > facts.expiresOn) return verdict("expired", facts, since);
  /** @type {Record<string, string>} */
  const states = { good: "valid", suspended: "suspended", unknown: "status-unknown" };
  return verdict(states[status], facts, since);
}

/**
 * The day it is in a time zone, as days of certificates are written: midnight UTC.
 *
 * @param {Date} now
 * @param {string} timeZone
 */
function dayOf(now, timeZone) {
  const format = new Intl.DateTimeFormat("en", { timeZone, year: "numeric", month: "numeric", day: "numeric" });
  const { year, month, day } = Object.fromEntries(format.formatToParts(now).map(({ type, value }) => [type, Number(value)]));
  return new Date(Date.UTC(year, month - 1, day));
}

/**
 * A later key may sign what was issued before its time (copies), an ended one nothing new. Days are those of the place of
 * issue and keys know moments in UTC, so a day more is allowed.
 *
 * @param {import("./keys.js").Key} key
 * @param {Date} day
 */
function isAfterItsTime({ retiredAt }, day) {
  return retiredAt !== null && day.getTime() - retiredAt.getTime() > DAY_LENGTH;
}

/**
 * @param {string} state
 * @param {import("./payload.js").Facts | null} facts
 * @param {Date | null} since
 */
function verdict(state, facts = null, since = null) {
  return { state, facts, since };
}
