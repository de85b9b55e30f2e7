// Controls of questions with parts. They write the inputs of the form and say so by `input` events; who saves reads the inputs.

import { orderSteps } from "./steps.js";
import { placePoints } from "./places.js";

for (const list of document.querySelectorAll("[data-steps]")) orderSteps(list);
for (const places of document.querySelectorAll("[data-places]")) placePoints(places);
