// Minutes of the class that this page did not play: offered once, played at a chosen speed, then back to now.

import { find, number, room } from "./page.js";
import { secondsSent } from "./playlist.js";
import { clockFace, serverClock } from "./timer.js";

const MISSED_SECONDS = 20;
const MISSED_TICK_MS = 1000;
const PLAYED_PREFIX = "live:played:";
const PLAYED_KEPT_MS = 86_400_000;
const playedKey = `${PLAYED_PREFIX}${room.dataset.key}`;

/** Remove stored positions of classes of past days. */
function forgetOldPlaces() {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(PLAYED_PREFIX) && Date.now() - Number(localStorage.getItem(key)) > PLAYED_KEPT_MS) localStorage.removeItem(key);
  }
}

export class Missed {
  constructor(video) {
    this.video = video;
    this.box = find("missed");
    this.eventHandlers = { "video.stopped": () => this.hide() };
    forgetOldPlaces();
    // The last moment that was played, by the server's clock, in milliseconds.
    this.last = Number(localStorage.getItem(playedKey)) || null;
    // While the missed minutes play: the moment they end at.
    this.until = null;
    find("missed-watch").addEventListener("click", () => this.watch());
    find("missed-leave").addEventListener("click", () => this.hide());
    find("missed-speed").addEventListener("change", () => this.until && this.setSpeed(Number(find("missed-speed").value)));
    setInterval(() => this.tick(), MISSED_TICK_MS);
  }

  welcome({ video }) {
    // A reloaded page plays nothing before a tap; what it missed follows from the stored position.
    if (video.on && this.last && !this.video.player) this.consider(this.last, null);
  }

  tick() {
    const { video, past, player } = this.video;
    if (this.until && !past) this.finish();
    const moment = player?.moment?.getTime();
    if (!moment || video.paused) return;
    if (this.until) return this.follow(moment);
    // A person who goes back by themselves is offered nothing.
    if (past) return;
    const leapt = this.last ? (moment - this.last) / 1000 : 0;
    if (leapt >= MISSED_SECONDS && !this.hasPlayed(leapt)) this.consider(this.last, moment);
    this.last = moment;
    localStorage.setItem(playedKey, moment);
  }

  /** Timers of a background page are slow, and it may have played on. */
  hasPlayed(seconds) {
    const { played, currentTime } = this.video.video;
    for (let at = 0; at < played.length; at += 1) {
      if (played.start(at) <= currentTime - seconds + 2 && played.end(at) >= currentTime - 2) return true;
    }
    return false;
  }

  async consider(from, until) {
    const { source, isPeer, ladder } = this.video;
    // A class on a media server is not recorded.
    if (ladder.way === "text" || isPeer) return;
    const seconds = await secondsSent(`${source.base}180p.m3u8`, from, until ?? Infinity).catch(() => 0);
    if (seconds < MISSED_SECONDS || this.until) return;
    this.offered = { from, until };
    const { mb } = find("ways").querySelector(`[value="${ladder.way}"]`).dataset;
    find("missed-time").textContent = clockFace(Math.round(seconds));
    const watch = find("missed-watch");
    watch.textContent = watch.dataset.words.replace("{mb}", number.format(Math.ceil((Number(mb) * seconds) / 3600)));
    this.box.hidden = false;
  }

  watch() {
    const { from, until } = this.offered;
    this.hide();
    this.until = until ?? serverClock.now();
    this.setSpeed(Number(find("missed-speed").value));
    this.video.wants = true;
    this.video.video.muted = false;
    this.video.play(new Date(from));
  }

  setSpeed(speed) {
    const { video } = this.video;
    // A new source begins at the default speed.
    video.defaultPlaybackRate = video.playbackRate = speed;
  }

  follow(moment) {
    // After a change of the playback mode it continues from here.
    this.video.past = new Date(moment);
    if (moment < this.until) return;
    this.finish();
    this.video.play(null);
  }

  finish() {
    this.until = null;
    // What was sent meanwhile was missed for it, and is not offered again.
    this.last = null;
    this.setSpeed(1);
  }

  hide() {
    this.box.hidden = true;
  }
}
