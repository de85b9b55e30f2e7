// What the whole class looks at. The stage is there while something on it is.

import { room } from "./page.js";

export function settleStage() {
  const stage = room.querySelector("[data-stage]");
  stage.hidden = ![...stage.children].some((part) => part.tagName !== "TEMPLATE" && !part.hidden);
}
