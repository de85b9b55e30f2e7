// Asks the browser's verifier (lms/assets/js/verify/) for its verdicts.
//
// Reads {cases: [{address, keys: [token, ...], rollovers, list, now, seen, hoursKept, timeZone}]} from standard input, `keys`
// being the sets in the order they came, `rollovers` introductions of keys, `list` base64. Writes one {state, facts, since} or {fault} for each case.

import { readFileSync } from "node:fs";

import { NotAuthentic } from "../../lms/assets/js/verify/base64url.js";
import { readKeySet } from "../../lms/assets/js/verify/keys.js";
import { readStatusList } from "../../lms/assets/js/verify/status.js";
import { evaluateAddress } from "../../lms/assets/js/verify/verdict.js";

const { cases } = JSON.parse(readFileSync(0, "utf8"));

async function answer({ address, keys, rollovers = [], list, now, seen, hoursKept, timeZone }) {
  let keySet = null;
  for (const token of keys) keySet = await readKeySet(token, keySet, rollovers);
  const statusList = list === null ? null : await readStatusList(new Uint8Array(Buffer.from(list, "base64")), keySet);
  return evaluateAddress(address, { keySet, statusList, now: new Date(now), seen: seen ? Number(new Date(seen)) : 0, hoursKept, timeZone });
}

const answers = [];
for (const one of cases) {
  try {
    answers.push(await answer(one));
  } catch (fault) {
    if (!(fault instanceof NotAuthentic)) throw fault;
    answers.push({ fault: fault.message });
  }
}
console.log(JSON.stringify(answers));
