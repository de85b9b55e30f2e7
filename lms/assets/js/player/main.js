// The player of a page: one for each film on it.

import { Player } from "./player.js";
import { listenForStatistics } from "./telemetry.js";

for (const [number, root] of document.querySelectorAll("[data-player]").entries()) {
  // Two films on a page must not share the names that buttons point to.
  for (const part of root.querySelectorAll("[id], [aria-controls], [aria-labelledby]")) {
    for (const name of ["id", "aria-controls", "aria-labelledby"]) {
      if (number && part.hasAttribute(name)) part.setAttribute(name, `${part.getAttribute(name)}-${number}`);
    }
  }
  listenForStatistics(root);
  new Player(root, number);
}
