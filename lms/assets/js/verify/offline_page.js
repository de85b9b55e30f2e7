// The offline verification page.

import { DeviceCache } from "./at_hand.js";
import { openScanPanel, textsOf } from "./scan_panel.js";
import { freshness } from "./status.js";
import { evaluateAddress } from "./verdict.js";

const HOURS_KEPT = 24;
// How old a list may be before a check asks for the next one, and how long the check waits for it.
const NEWS_AFTER = 300_000;
const NEWS_TIMEOUT_MS = 4_000;

export async function openOfflinePage(panel) {
  const texts = textsOf(document.querySelector("[data-offline-texts]"));
  const cacheStatusLine = panel.querySelector("[data-at-hand]");
  if (!canVerify()) {
    cacheStatusLine.textContent = texts["too-old"];
    panel.replaceChildren(cacheStatusLine);
    return;
  }
  const deviceCache = new DeviceCache(panel.dataset);
  const answer = panel.querySelector("[data-answer]");
  const { timeZone } = panel.dataset;
  const { moment, day } = formats(panel.dataset.numbering);

  const cutOff = panel.querySelector("[data-cut-off]");
  const tell = (isBelieved = true) => {
    const { keySet, statusList, isCutOff } = deviceCache;
    const state = statusList && freshness(statusList, { ...deviceCache, now: new Date(), hoursKept: HOURS_KEPT });
    const words = texts[isCutOff ? "cut-off" : (state ?? (keySet ? "keys-only" : "nothing"))];
    cacheStatusLine.textContent = [
      ...(isBelieved || isCutOff ? [] : [texts.refused]),
      words.replace("{moment}", statusList ? moment(statusList.issuedAt) : ""),
      ...(deviceCache.store.isOpen ? [] : [texts.forgetful]),
    ].join(" ");
    cutOff.hidden = !deviceCache.isCutOff;
  };
  let asking = null;
  const refresh = () =>
    (asking ??= deviceCache
      .refresh()
      .then(tell)
      .finally(() => (asking = null)));
  const check = async (address) => {
    if (navigator.onLine && isStale(deviceCache.statusList)) await Promise.race([refresh(), newsTimeout()]);
    await deviceCache.noteTime(new Date());
    const verdict = deviceCache.keySet
      ? await evaluateAddress(address.trim(), { ...deviceCache, now: new Date(), hoursKept: HOURS_KEPT, timeZone })
      : { state: "no-keys", facts: null, since: null };
    show(answer, verdict, { moment, day });
  };

  openScanPanel(panel, { accepts: () => true, found: check });
  panel.querySelector("[data-paste]").addEventListener("submit", (event) => {
    event.preventDefault();
    check(panel.querySelector("#pasted").value);
  });
  cutOff.querySelector("button").addEventListener("click", () => deviceCache.reset().then(tell));
  addEventListener("online", refresh);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) refresh();
  });
  await installWorker(panel.dataset);
  await deviceCache.load();
  const isBelieved = await deviceCache.refresh();
  await deviceCache.noteTime(new Date());
  tell(isBelieved);
  // The worker answered with this page where a camera opened the address of a certificate.
  if (location.pathname.startsWith(panel.dataset.scanned)) await check(location.href);
  panel.dataset.isReady = "";
}

/** A page may stay open for days, so the documents fetched at its start get old. */
function isStale(list) {
  return !list || Math.abs(Date.now() - list.issuedAt) > NEWS_AFTER;
}

function newsTimeout() {
  return new Promise((resume) => setTimeout(resume, NEWS_TIMEOUT_MS));
}

/** Whether the browser has the APIs for signatures and for decompression, which are newer than modules. */
function canVerify() {
  return Boolean(globalThis.crypto?.subtle && globalThis.DecompressionStream);
}

/**
 * Register the service worker for this page, and for the addresses that a camera opens. Without one the page works while it is open; a failed
 * update is tried at the next visit.
 */
async function installWorker({ worker, scope, scanned }) {
  try {
    await Promise.all([scope, scanned].map((answered) => navigator.serviceWorker?.register(worker, { scope: answered })));
  } catch (fault) {
    console.warn("The page cannot be kept on this device:", fault);
  }
}

function show(answer, { state, facts, since }, { moment, day }) {
  const name = state === "status-unknown" && !since ? "status-never" : state;
  const words = document.querySelector(`[data-verdict-of="${name}"]`).content.cloneNode(true);
  for (const text of words.querySelectorAll("h1, p")) {
    text.textContent = text.textContent
      .replace("{since}", since ? moment(since) : "")
      .replace("{from}", facts?.validFrom ? day(facts.validFrom) : "");
  }
  // Codes printed before they carried it: what they do not say has to be compared with the register.
  const silent = facts && !facts.kind ? [document.querySelector("[data-silent]").content.cloneNode(true)] : [];
  answer.replaceChildren(words, ...silent, ...(facts ? [factList(facts, day)] : []));
  answer.dataset.state = state;
  answer.hidden = false;
  answer.focus();
}

/** The claims of the certificate that are in the payload. */
function factList(facts, day) {
  const list = document.querySelector("[data-facts]").content.cloneNode(true).querySelector("dl");
  const named = { ...facts, kind: wordsOf("kind", facts.kind), level: wordsOf("level", facts.level) ?? facts.levelWords };
  for (const term of list.querySelectorAll("dt")) {
    const value = named[term.dataset.of];
    if (value === undefined || value === "") {
      term.remove();
      continue;
    }
    const shown = document.createElement("bdi");
    shown.textContent = value instanceof Date ? day(value) : value;
    const definition = document.createElement("dd");
    definition.append(shown);
    term.after(definition);
  }
  return list;
}

/** The words of the page for what the payload names by a number or a code; what is newer than the page is shown as it is written. */
function wordsOf(table, key) {
  if (key === undefined) return undefined;
  const rows = [...document.querySelector(`[data-words="${table}"]`).content.children];
  return rows.find((row) => row.dataset.key === String(key))?.textContent ?? String(key);
}

function formats(numbering) {
  const locale = `${document.documentElement.lang}-EG-u-nu-${numbering}`;
  const whole = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short" });
  // Days of certificates are days, not moments: midnight UTC.
  const days = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" });
  return { moment: (date) => whole.format(date), day: (date) => days.format(date) };
}
