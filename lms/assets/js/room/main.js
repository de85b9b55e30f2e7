// The live room. The server's log is authoritative: this page shows it, and keeps commands until they are acknowledged.

import { Calls } from "./calls.js";
import { LiveCaptions } from "./captions.js";
import { Chat } from "./chat.js";
import { Checks } from "./checks.js";
import { Connection } from "./connection.js";
import { Decks } from "./decks.js";
import { Groups } from "./groups.js";
import { GroupDesk } from "./group_desk.js";
import { Hands } from "./hands.js";
import { Missed } from "./missed.js";
import { SharedNotes } from "./notes.js";
import { Notice } from "./notice.js";
import { ObsBox } from "./obs.js";
import { find, number, room, texts } from "./page.js";
import { PollDraft } from "./poll_draft.js";
import { Polls } from "./polls.js";
import { Questions } from "./questions.js";
import { Reactions } from "./reactions.js";
import { Recorded } from "./recorded.js";
import { Sending } from "./sending.js";
import { Stage } from "./slides.js";
import { Register } from "./register.js";
import { Tabs } from "./tabs.js";
import { Video } from "./video.js";
import { Voice } from "./voice.js";
import { Roster } from "./people.js";
import { Pinned } from "./pinned.js";
import { Rules } from "./rules.js";
import { StaffTalk } from "./staff_talk.js";
import { WallTimer } from "./timer.js";
import { uuid } from "./uuid.js";

const form = find("write");
const box = find("text");
const handButton = find("hand");

const me = { key: "", muted: false };
const notice = new Notice(() => {
  if (!connection.isOpen) return null;
  if (me.muted) return texts.muted;
  if (rules.isClosed) return texts.chatOff;
  return room.dataset.state === "scheduled" ? texts.waiting : "";
});
const connection = new Connection(notice, { receive, lost, over });
const chat = new Chat(me, connection);
const hands = new Hands(me, notice);
const tabs = new Tabs();
const video = new Video(connection);
const sending = new Sending(connection, (isSending) => video.setAside(isSending));
const stage = new Stage(connection, me, video.ladder);
const rules = new Rules(me, connection, updateWriting);
const groups = new Groups(me, notice, connection, tabs);
const calls = new Calls(me, notice, connection, tabs);
// Each part of the room: `welcome(frame)` takes its state, `eventHandlers` its events by kind, `ephemeralHandlers` its ephemeral frames.
// `acknowledge(id)`, `refuse(frame)` and `lost()` are for parts with pending commands; `outside(hasEnded)` is called when
// this page has left the room.
/**
 * @typedef {{
 *   welcome?: (frame: any) => void, eventHandlers?: Record<string, (event: any) => unknown>, ephemeralHandlers?: Record<string, (frame: any) => unknown>,
 *   acknowledge?: (id: string) => void, refuse?: (frame: any) => boolean, lost?: () => void, outside?: (hasEnded: boolean) => void,
 * }} Part
 */
/** @type {Part[]} */
const parts = [
  new Checks(me, connection, notice),
  new Register(),
  video,
  new Missed(video),
  sending,
  hands,
  stage,
  new ObsBox(),
  new Voice(me, connection, sending),
  new Decks(connection, stage),
  new Polls(notice, connection, tabs),
  new Questions(me, notice, connection, tabs),
  new Reactions(connection),
  groups,
  new GroupDesk(connection, groups),
  new Recorded(),
  new LiveCaptions(connection),
];
new PollDraft(notice, connection);
// The timer first: it sets the server's clock that others use.
parts.unshift(new WallTimer(connection), rules);
parts.push(calls, new Pinned(), new StaffTalk(connection, tabs), new Roster(me, notice, connection, tabs), new SharedNotes(notice, connection, tabs));

// --- Frames of the server --------------------------------------------------------------------------------------

function receive(frame) {
  const { isAtEnd } = chat;
  if (frame.type === "welcome") welcome(frame);
  else if (frame.type === "events") {
    for (const event of frame.events) show(event);
    connection.confirm();
  } else if (frame.type === "ack") {
    if (frame.presence) count(frame.presence);
    chat.acknowledge(frame.id);
    for (const part of parts) part.acknowledge?.(frame.id);
    calls.answered(frame);
  } else if (frame.type === "passing") {
    for (const part of parts) part.ephemeralHandlers?.[frame.kind]?.(frame);
  } else if (frame.type === "error" && !chat.refuse(frame) && !parts.some((part) => part.refuse?.(frame))) notice.showBriefly(frame.message, "bad");
  // The chat shrinks when a hand is raised: keep it scrolled to its end.
  if (isAtEnd || frame.messages) chat.goToEnd();
}

function lost() {
  chat.hold();
  for (const part of parts) part.lost?.();
}

function over(hasEnded) {
  form.hidden = true;
  for (const part of parts) part.outside?.(hasEnded);
}

function welcome(frame) {
  Object.assign(me, frame.me);
  chat.setMuted(frame.muted);
  setState(frame.state);
  if (frame.messages) {
    chat.fill(frame.messages);
    connection.since = connection.confirmed = frame.seq;
  }
  for (const part of parts) part.welcome?.(frame);
  count(frame.presence);
  form.hidden = me.role === "inspector";
  connection.welcomed();
  chat.postUnsent();
  if (connection.wasLost) notice.showBriefly(texts.back, "good");
  else notice.restore();
  connection.wasLost = false;
}

const shown = {
  chat: (event) => {
    chat.show(event);
    tabs.markUnseen("talk");
  },
  "chat.removed": (event) => chat.remove(event.of),
  "person.muted": (event) => mute(event.who, true),
  "person.unmuted": (event) => mute(event.who, false),
  "all.muted": () => muteAll(true),
  "all.unmuted": () => muteAll(false),
  "rules.changed": () => notice.restore(),
  "room.opened": () => {
    setState("open");
    connection.beat();
  },
  "room.ended": () => setState("ended"),
};

function show(event) {
  if (event.seq <= connection.since) return;
  connection.since = event.seq;
  shown[event.kind]?.(event);
  for (const part of parts) part.eventHandlers?.[event.kind]?.(event);
  updateWriting();
}

function mute(who, isMuted) {
  chat.mute(who, isMuted);
  if (who !== me.key) return;
  me.muted = isMuted;
  notice.restore();
}

function muteAll(isMuted) {
  chat.muteAll(isMuted);
  me.muted = isMuted && me.role === "trainee";
  notice.restore();
}

// --- The room --------------------------------------------------------------------------------------------------

function setState(state) {
  room.dataset.state = state;
  for (const part of room.querySelectorAll("[data-shown]")) part.hidden = part.dataset.shown !== state;
  updateWriting();
  notice.restore();
}

function updateWriting() {
  const isOpen = room.dataset.state === "open";
  box.disabled = !isOpen || me.muted || rules.isClosed;
  form.querySelector("[type=submit]").disabled = box.disabled || rules.secondsLeft > 0;
  const callButton = find("call");
  if (callButton) callButton.disabled = !isOpen;
  if (handButton) handButton.disabled = !isOpen;
}

function count({ minutes, held, checks, asked }) {
  const counter = find("presence");
  if (!counter) return;
  counter.hidden = held === 0;
  find("minutes").textContent = number.format(minutes);
  find("held").textContent = number.format(held);
  find("checks").hidden = !asked;
  find("answered").textContent = number.format(checks);
  find("asked").textContent = number.format(asked);
}

// --- Input --------------------------------------------------------------------------------------

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = box.value.trim();
  if (text && !rules.secondsLeft) chat.write({ id: uuid(), text, at: new Date().toISOString() });
  box.focus();
});

box.addEventListener("input", () => chat.keepDraft());

box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});

handButton?.addEventListener("click", () => connection.send(hands.isMineUp ? "hand.lower" : "hand.raise"));

room.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act], [data-do]");
  if (!button) return;
  if (button.dataset.do) connection.send(button.dataset.do);
  else connection.send(button.dataset.act, { seq: Number(button.closest("[data-seq]").dataset.seq) });
  button.closest("details")?.removeAttribute("open");
});

const earlyEnd = find("early-end");
find("ask-end")?.addEventListener("click", () => {
  // The server asks for a reason up to five minutes before the end; by a clock that is wrong it refuses with the same sentence.
  earlyEnd.querySelector("input").required = Date.parse(earlyEnd.dataset.earlyEnd) - Date.now() > 5 * 60_000;
  find("end-dialog").showModal();
});
find("end-dialog")?.addEventListener("close", ({ target }) => {
  if (target.returnValue === "end") connection.send("room.end", { reason: earlyEnd.querySelector("input").value });
});

// By physical key, so that an Arabic layout has the same keys. Never while the person types.
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog")) return;
  if (event.code === "KeyH" && handButton && !form.hidden) handButton.click();
  else if (event.code === "KeyC" && !form.hidden) {
    event.preventDefault();
    box.focus();
  }
});

addEventListener("online", () => !connection.isOver && (connection.socket ? notice.restore() : connection.connect()));
addEventListener("offline", () => !connection.isOver && notice.show(texts.lost));

updateWriting();
chat.goToEnd();
connection.connect();
