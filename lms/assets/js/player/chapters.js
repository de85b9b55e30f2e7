// Chapters: a list of links, and marks on the seek bar.

import { addTrack, cuesOf, plainText } from "./tracks.js";

export class Chapters {
  constructor(root, video, words, go) {
    this.words = words;
    this.button = root.querySelector("[data-chapters-button]");
    this.list = root.querySelector("[data-chapters-list]");
    this.marks = root.querySelector("[data-marks]");
    this.seconds = Number(root.dataset.seconds);
    this.chapters = [];
    this.track = this.button && addTrack(video, "chapters", root.dataset.chapters);
    if (!this.track) return;
    this.button.addEventListener("click", () => this.begin());
    this.list.addEventListener("click", (event) => {
      const at = event.target.closest("button")?.dataset.at;
      if (at !== undefined) go(Number(at));
    });
  }

  async begin() {
    if (!this.track || this.isBegun) return;
    this.isBegun = true;
    const cues = await cuesOf(this.track);
    if (cues.length === 0) this.isBegun = false;
    this.chapters = cues.map((cue) => ({ start: cue.startTime, title: plainText(cue) }));
    this.list.replaceChildren(...this.chapters.map((chapter) => this.item(chapter)));
    const inner = this.chapters.filter(({ start }) => start > 0 && start < this.seconds);
    this.marks.replaceChildren(
      ...inner.map(({ start }) => {
        const mark = document.createElement("span");
        mark.style.insetInlineStart = `${(start / this.seconds) * 100}%`;
        return mark;
      }),
    );
    this.show(this.now ?? 0);
  }

  item(chapter) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    const time = document.createElement("span");
    const title = document.createElement("span");
    button.type = "button";
    button.dataset.at = chapter.start;
    time.className = "player__line-time";
    time.textContent = this.words.time(chapter.start);
    title.textContent = chapter.title;
    title.dir = "auto";
    button.append(time, title);
    item.append(button);
    chapter.button = button;
    return item;
  }

  titleAt(seconds) {
    return this.chapters.findLast((chapter) => chapter.start <= seconds)?.title ?? "";
  }

  show(now) {
    this.now = now;
    for (const [number, chapter] of this.chapters.entries()) {
      const isNow = chapter.start <= now && now < (this.chapters[number + 1]?.start ?? Infinity);
      if (isNow) chapter.button.setAttribute("aria-current", "true");
      else chapter.button.removeAttribute("aria-current");
    }
  }
}
