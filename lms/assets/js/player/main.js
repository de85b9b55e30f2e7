// Starts a player for each video of the page.

import { Player } from "./player.js";
import { listenForStatistics } from "./telemetry.js";

for (const [number, root] of document.querySelectorAll("[data-player]").entries()) {
  // Two videos on a page must not share the ids that buttons refer to.
  for (const part of root.querySelectorAll("[id], [aria-controls], [aria-labelledby]")) {
    for (const name of ["id", "aria-controls", "aria-labelledby"]) {
      if (number && part.hasAttribute(name)) part.setAttribute(name, `${part.getAttribute(name)}-${number}`);
    }
  }
  new Player(root, number);
  // After the player: when the page is left, the player first counts what was watched since the last `timeupdate`.
  listenForStatistics(root);
}
