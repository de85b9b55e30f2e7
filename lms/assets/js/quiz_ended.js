// A page of an attempt whose time is over: what still waited on this device arrives now, apart from the answers, for a person to decide about it.

import { AT_ONCE, asSent } from "./quiz/sender.js";
import { ASIDE, Waiting } from "./quiz/waiting.js";

const { endedAttempt, changes: address, token } = /** @type {HTMLElement} */ (document.querySelector("[data-ended-attempt]")).dataset;
const waiting = await Waiting.of(endedAttempt);
let isAnyLate = false;

/** Resolves to whether the server kept them, or wants none. @param {number} epoch @param {import("./quiz/waiting.js").Change[]} changes */
async function sent(epoch, changes) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  const answer = await fetch(address, { method: "POST", headers, body: JSON.stringify({ epoch, changes: changes.map(asSent) }) });
  const { code } = /json/.test(answer.headers.get("Content-Type") ?? "") ? await answer.json() : {};
  isAnyLate ||= code === "late";
  return code === "late" || code === "over";
}

// Later answers of another device took their place, and the attempt has ended.
const aside = (await waiting.aside()).map(({ seq }) => seq);
await waiting.remove(ASIDE, aside);

try {
  const all = await waiting.all();
  for (const epoch of new Set(all.map((one) => one.epoch))) {
    const own = all.filter((one) => one.epoch === epoch);
    for (let at = 0; at < own.length; at += AT_ONCE) {
      const some = own.slice(at, at + AT_ONCE);
      if (await sent(epoch, some)) {
        const seqs = some.map((one) => one.seq);
        await waiting.remove(epoch, seqs);
      }
    }
  }
} catch {
  // No connection: the next page of the attempt sends them.
}
// The page says that they wait for a decision.
if (isAnyLate) location.reload();
