// The stage is visible while any of its parts is.

import { room } from "./page.js";

export function layOutStage() {
  const stage = room.querySelector("[data-stage]");
  const way = room.querySelector("[data-way-box]");
  stage.hidden = ![...stage.children].some((part) => part !== way && part.tagName !== "TEMPLATE" && !part.hidden);
  if (way) way.hidden = stage.hidden;
}
