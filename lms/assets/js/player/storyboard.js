// Preview pictures of the seek bar, fetched when they are first needed.

import { addTrack, cuesOf } from "./tracks.js";

export class Storyboard {
  /** `isAffordable()` returns whether the connection can load a sheet of pictures while the video plays. */
  constructor(video, address, isAffordable) {
    this.video = video;
    this.address = address;
    this.isAffordable = isAffordable;
    this.cues = [];
  }

  async begin() {
    if (!this.address || this.track || !this.isAffordable()) return;
    this.track = addTrack(this.video, "metadata", this.address);
    this.cues = (await cuesOf(this.track)).map((cue) => {
      const [, file, place] = cue.text.trim().match(/^([^#]+)#xywh=([\d,]+)$/) ?? [];
      return file && { start: cue.startTime, file: new URL(file, this.track.src).href, place: place.split(",").map(Number) };
    });
    this.cues = this.cues.filter(Boolean);
  }

  /** Shows the picture of that time in the element; hides it where there is none. */
  draw(element, seconds) {
    const cue = this.cues.findLast((one) => one.start <= seconds);
    element.hidden = !cue;
    if (!cue) return;
    const [x, y, width, height] = cue.place;
    const { style } = element;
    style.inlineSize = `${width}px`;
    style.blockSize = `${height}px`;
    style.backgroundImage = `url("${cue.file}")`;
    style.backgroundPosition = `-${x}px -${y}px`;
  }
}
