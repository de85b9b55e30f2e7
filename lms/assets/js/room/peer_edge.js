// One way of playing the class: from the media server, as it happens.

import { Peer, PeerRefusal } from "./peer.js";

export class PeerEdge {
  /** `listener` has `away(text)`: nothing comes for now, for the reason in `text`; `broken(text)`: never here. */
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

  /** There is no earlier moment to go to. */
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
