// Groups: one's own with its messages. Staff receive the messages of all groups and see one group.

import { arrange } from "./arrange.js";
import { keptList } from "./browser_storage.js";
import { Outbox } from "./outbox.js";
import { clock, find, room, texts } from "./page.js";
import { clockFace, serverClock } from "./timer.js";
import { filled, wordsOf } from "./words.js";

const nameList = new Intl.ListFormat(document.documentElement.lang, { style: "narrow" });
const withName = (text, name) => text.replace("{name}", name);

export class Groups {
  constructor(me, notice, connection, tabs) {
    this.me = me;
    this.notice = notice;
    this.connection = connection;
    this.tabs = tabs;
    this.words = wordsOf("group-texts");
    this.isStaff = "staff" in room.dataset;
    this.tab = room.querySelector('[data-tab="groups"]');
    this.box = find("group-text");
    this.list = find("group-chat");
    this.asOf = 0;
    this.state = { open: false, groups: 0, mine: null };
    this.members = new Map();
    this.called = new Set();
    // Received messages, in order; for staff of all groups.
    this.received = [];
    this.items = new WeakMap();
    // The group on the screen.
    this.at = null;
    this.unseen = new Map();
    this.changed = () => {};
    this.outbox = new Outbox(connection, keptList("groupOutbox"), (entry, code) => this.settled(entry, code));
    const news = (act) => (event) => event.seq > this.asOf && act(event);
    this.eventHandlers = {
      "group.opened": news((event) => this.opened(event)),
      "group.moved": news((event) => this.moved(event)),
      "group.said": news((event) => this.receive(event)),
      "group.called": news((event) => this.receiveCall(event)),
      "group.visited": news((event) => this.receiveVisit(event)),
      "group.announced": news((event) => this.receiveForAll(event)),
      "group.closed": news(() => this.closed()),
      "chat.removed": (event) => this.remove(event.of),
    };
    this.listen();
    setInterval(() => this.drawTime(), 1000);
  }

  listen() {
    const form = find("group-write");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = this.box.value.trim();
      if (!text || this.at === null) return;
      this.box.value = "";
      this.outbox.put("group.say", { text, group: this.at });
      this.drawTalk();
      this.box.focus();
    });
    this.box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
    find("group-call")?.addEventListener("click", () => this.connection.send("group.call"));
  }

  // --- Frames of the server --------------------------------------------------------------------------------------

  welcome({ seq, groups }) {
    this.asOf = seq;
    this.state = groups;
    this.setMembers(groups.members);
    this.called = new Set(groups.called);
    this.received = groups.messages;
    this.unseen.clear();
    if (!this.isStaff) this.at = groups.mine;
    else if (this.at === null || this.at > groups.groups) this.at = groups.groups ? 1 : null;
    this.outbox.postAll();
    this.draw();
  }

  acknowledge(id) {
    this.outbox.acknowledge(id);
  }

  refuse(frame) {
    return this.outbox.refuse(frame);
  }

  lost() {
    this.drawTalk();
  }

  /** A refused message is put back into its field. */
  settled({ facts }, code) {
    if (code && !this.box.value) this.box.value = facts.text;
    this.drawTalk();
  }

  setMembers(members) {
    this.members = new Map(members.map(({ who, name }) => [who, name]));
  }

  opened({ seq, groups, ends, group, members }) {
    this.state = { round: seq, open: true, groups, ends, mine: group ?? null };
    this.received = [];
    this.called.clear();
    this.unseen.clear();
    this.at = this.isStaff ? 1 : this.state.mine;
    this.setMembers(members ?? []);
    this.draw();
    if (this.isStaff) return;
    this.showMessage(group ? filled(this.words.sent, { group }) : this.words.sentNowhere);
    if (group) this.tabs.open("groups");
  }

  moved(event) {
    const { who, whose, group, left, members } = event;
    this.changed();
    if (who === undefined || this.isStaff) return;
    if (who === this.me.key) {
      this.state.mine = this.at = group;
      this.called.clear();
      this.setMembers(members ?? []);
      this.draw();
      this.showMessage(group ? filled(this.words.moved, { group }) : this.words.takenOut);
      this.tabs.open(group ? "groups" : "talk");
      return;
    }
    if (group === this.state.mine) this.members.set(who, whose);
    else this.members.delete(who);
    this.received.push({ ...event, group: group === this.state.mine ? group : left, note: withName(group === this.state.mine ? this.words.came : this.words.went, whose) });
    this.draw();
  }

  receive(event) {
    if (event.group === undefined) return;
    this.outbox.take(event.id);
    this.received.push(event);
    if (this.isStaff && event.group !== this.at) this.unseen.set(event.group, (this.unseen.get(event.group) ?? 0) + 1);
    this.tabs.markUnseen("groups");
    this.draw();
  }

  receiveCall(event) {
    if (event.group === undefined) return;
    this.called.add(event.group);
    this.receive(event);
    if (this.isStaff) this.showMessage(filled(this.words.calls, event));
  }

  receiveVisit(event) {
    if (event.group === undefined) return;
    this.called.delete(event.group);
    this.receive(event);
  }

  receiveForAll(event) {
    this.received.push(event);
    this.tabs.markUnseen("groups");
    this.draw();
    if (!this.isStaff) this.showMessage(this.words.toAll.replace("{text}", event.text));
  }

  closed() {
    this.state.open = false;
    this.called.clear();
    this.draw();
    this.showMessage(this.words.closed);
    if (!this.isStaff) this.tabs.open("talk");
  }

  remove(seq) {
    const message = this.received.find((one) => one.seq === seq);
    if (!message) return;
    Object.assign(message, { removed: true, text: "" });
    this.items.delete(message);
    this.drawTalk();
  }

  showMessage(text) {
    this.notice.showBriefly(text, "good");
  }

  /** Show another group to staff. */
  lookAt(group) {
    this.at = group;
    this.unseen.delete(group);
    this.draw();
  }

  // --- On the page -----------------------------------------------------------------------------------------------

  draw() {
    const { open, mine } = this.state;
    const isShown = this.at !== null;
    if (!this.isStaff) this.tab.hidden = !isShown && !this.received.length;
    find("group").hidden = !isShown;
    if (isShown) find("group-title").textContent = filled(this.words.title, { group: this.at });
    find("group-write").hidden = !open || this.me.role === "inspector";
    const call = find("group-call");
    if (call) {
      call.hidden = !open;
      call.disabled = this.called.has(mine);
    }
    const names = find("group-members");
    names.hidden = this.isStaff || !open;
    names.textContent = this.words.members.replace("{names}", nameList.format(this.members.values()));
    this.drawTime();
    this.drawTalk();
    this.changed();
  }

  drawTime() {
    const left = find("group-left");
    const isRunning = this.state.open && this.state.ends;
    left.hidden = !isRunning;
    if (isRunning) left.textContent = clockFace(Math.max(0, Math.ceil((Date.parse(this.state.ends) - serverClock.now()) / 1000)));
  }

  drawTalk() {
    const scroll = find("group-scroll");
    const isAtEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
    const shown = this.received.filter(({ group }) => group === undefined || group === this.at || !this.isStaff);
    const unsent = this.outbox.entries.filter(({ facts }) => facts.group === this.at);
    arrange(this.list, [...shown.map((event) => this.itemOf(event)), ...unsent.map((entry) => this.drawUnsent(entry))]);
    find("group-quiet").hidden = shown.length + unsent.length > 0;
    if (!this.state.open && this.at !== null) {
      find("group-quiet").hidden = false;
      find("group-quiet").textContent = this.words.over;
    }
    if (isAtEnd) scroll.scrollTop = scroll.scrollHeight;
  }

  /** Each event is drawn once, so that open details and the focus are kept. */
  itemOf(event) {
    if (!this.items.has(event)) this.items.set(event, this.drawEvent(event));
    return this.items.get(event);
  }

  drawEvent(event) {
    const { kind, name } = event;
    if (event.note) return this.drawNote(event, event.note);
    if (kind === "group.called") return this.drawNote(event, withName(this.words.called, name));
    if (kind === "group.visited") return this.drawNote(event, withName(this.words.visited, name));
    return this.drawLine(event);
  }

  drawNote({ at }, text) {
    const item = find("group-note-template").content.firstElementChild.cloneNode(true);
    item.querySelector("[data-body]").textContent = text;
    this.drawClock(item, at);
    return item;
  }

  drawClock(item, at) {
    const time = item.querySelector("[data-time]");
    time.dateTime = at;
    time.textContent = clock.format(new Date(at));
  }

  /** Like a message of the class, without its tools. */
  drawLine(event) {
    const item = find("line-template").content.firstElementChild.cloneNode(true);
    for (const part of item.querySelectorAll("[data-reply], [data-quote], [data-act='message.pin']")) part.remove();
    const isOwn = event.by === this.me.key;
    item.classList.toggle("chat-line--own", isOwn);
    item.classList.toggle("chat-line--staff", event.kind === "group.announced");
    item.querySelector("[data-name]").textContent = event.name;
    item.querySelector("[data-body]").textContent = event.removed ? texts.removed : event.text;
    this.drawClock(item, event.at);
    if (event.seq) item.dataset.seq = event.seq;
    if (event.kind === "group.announced") item.querySelector("[data-body]").textContent = this.words.toAll.replace("{text}", event.text);
    if (isOwn || event.removed || event.kind !== "group.said") item.querySelector("[data-more]")?.remove();
    if (event.removed) item.classList.add("chat-line--removed");
    return item;
  }

  drawUnsent({ facts }) {
    const item = this.drawLine({ by: this.me.key, name: this.me.name, text: facts.text, at: new Date().toISOString() });
    item.classList.add("chat-line--pending");
    const note = item.querySelector("[data-note]");
    note.hidden = false;
    note.textContent = this.connection.isOpen ? texts.sending : texts.kept;
    return item;
  }
}
