// Entry point of the scripts for public verification.

import { openOfflinePage } from "./offline_page.js";
import { openScanPanel } from "./scan_panel.js";
import { codeIn } from "./scanner.js";

const verifier = document.querySelector("[data-verify]");
if (verifier && "offline" in verifier.dataset) {
  await openOfflinePage(verifier);
} else if (verifier) {
  openScanPanel(verifier, {
    accepts: (text) => codeIn(text) !== null,
    found: (text) => location.assign(`${verifier.dataset.page}${encodeURIComponent(codeIn(text))}/`),
  });
}
