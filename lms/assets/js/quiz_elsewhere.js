// The page that asks whether to go on here says whether answers wait on this device.

import { countWaiting } from "./quiz/waiting.js";

const place = /** @type {HTMLElement} */ (document.querySelector("[data-waits]"));
place.hidden = !(await countWaiting([place.dataset.waits]));
