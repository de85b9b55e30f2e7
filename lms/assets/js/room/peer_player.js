// Plays the class from the media server in real time (WHEP).

import { Peer, PeerRefusal } from "./peer.js";

export class PeerPlayer {
  /** `listener` has `away(text)`: no media for now, for the reason in `text`; `broken(text)`: this browser cannot play it. */
  constructor(video, listener, { address, ice }) {
    this.video = video;
    this.listener = listener;
    this.address = address;
    this.peer = new Peer(ice, { lost: () => this.listener.away("") });
    this.stream = new MediaStream();
    this.peer.connection.addEventListener("track", ({ track }) => this.stream.addTrack(track));
  }

  /** Play `way`: "auto", or "audio" without the picture. */
  async open(way) {
    if (way !== "audio") this.peer.connection.addTransceiver("video", { direction: "recvonly" });
    this.peer.connection.addTransceiver("audio", { direction: "recvonly" });
    this.video.srcObject = this.stream;
    try {
      await this.peer.dial(this.address);
    } catch (refusal) {
      if (this.isClosed) return;
      if (refusal instanceof PeerRefusal && refusal.code === "offer_not_taken") this.listener.broken(refusal.message);
      else this.listener.away(refusal instanceof PeerRefusal ? refusal.message : "");
    }
  }

  /** Nothing earlier can be played. */
  get moment() {
    return null;
  }

  get isAtSource() {
    return false;
  }

  close() {
    this.isClosed = true;
    this.peer.leave();
    this.video.srcObject = null;
  }
}
