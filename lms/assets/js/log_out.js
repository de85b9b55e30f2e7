// The page that asks whether to log out says how many answers of a test wait on this device without a receipt.

import { kept } from "./quiz/forget.js";
import { countWaiting } from "./quiz/waiting.js";

const place = document.querySelector("[data-waits]");
const title = place.querySelector(".alert__title");
const { lang } = document.documentElement;

// Of this login only: what another person left on a shared phone is not told.
const count = await countWaiting(Object.keys(kept()));
if (count) {
  const form = new Intl.PluralRules(lang).select(count);
  const sentence = place.dataset[`waiting${form[0].toUpperCase()}${form.slice(1)}`] ?? place.dataset.waitingOther;
  title.textContent = sentence.replace("%", new Intl.NumberFormat(`${lang}-u-nu-${place.dataset.numbering}`).format(count));
  document.querySelector("[data-log-out] button").textContent = place.dataset.allTheSame;
  place.hidden = false;
}
