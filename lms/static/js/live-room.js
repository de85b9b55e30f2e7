// The live room. The server's log is the truth: this page shows it, and keeps what it has not confirmed yet.

const room = document.querySelector("[data-room]");
const find = (name) => room.querySelector(`[data-${name}]`);
const talk = find("scroll");
const chat = find("chat");
const form = find("write");
const box = find("text");
const handButton = find("hand");
const line = find("line");
const isStaff = "staff" in room.dataset;
const texts = {};
for (const text of find("texts").content.children) texts[text.dataset.key] = text.textContent;

const locale = `${document.documentElement.lang}-u-nu-${room.dataset.numbering}`;
const number = new Intl.NumberFormat(locale);
const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: room.dataset.timeZone });
const beatSeconds = Number(room.dataset.beat);
const confirmEvents = Number(room.dataset.confirm);
// The server closed for good; everything else is worth another try.
const FINAL = new Set([4403, 4409, 4410]);

// randomUUID exists only on secure origins; a training center's own network often is none.
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// --- What survives a reload: the draft and what was not acknowledged ------------------------------------------

const key = `live:${room.dataset.key}`;
const kept = { draft: "", unsent: [], ...JSON.parse(sessionStorage.getItem(key) ?? "{}") };
const keep = () => sessionStorage.setItem(key, JSON.stringify(kept));
const device = localStorage.getItem("live:device") ?? uuid();
localStorage.setItem("live:device", device);

// --- The line to the server ------------------------------------------------------------------------------------

let socket = null;
let me = { key: "", muted: false };
let since = null;
let confirmed = 0;
let attempts = 0;
let retry = 0;
let beating = 0;
let watchdog = 0;
let isOver = false;
let wasLost = false;
const waiting = new Map();

function tell(text, tone = "") {
  clearTimeout(tell.timer);
  line.hidden = !text;
  line.className = `room__line${tone ? ` room__line--${tone}` : ""}`;
  if (line.textContent !== text) line.textContent = text;
}

const tellForNow = (text, tone) => {
  tell(text, tone);
  tell.timer = setTimeout(settle, 5000);
};

function settle() {
  if (isOver || socket?.readyState !== WebSocket.OPEN) return;
  tell(me.muted ? texts.muted : room.dataset.state === "scheduled" ? texts.waiting : "");
}

async function connect() {
  clearTimeout(retry);
  if (!wasLost) tell(texts.connecting);
  let answer;
  try {
    answer = await fetch(room.dataset.ticketUrl, {
      method: "POST",
      headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, Accept: "application/json" },
      redirect: "error",
    });
  } catch {
    return again();
  }
  if (answer.status === 403 && answer.headers.get("Content-Type")?.includes("json")) return stop((await answer.json()).message);
  if (answer.status === 404) return stop(texts[4403]);
  if (!answer.ok) return again();
  const { ticket } = await answer.json();
  const address = new URL(room.dataset.socket, location.href);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  const opened = new WebSocket(address);
  socket = opened;
  opened.onopen = () => {
    send("hello", { ticket, device, since });
    expectAnswer();
  };
  opened.onmessage = ({ data }) => hear(JSON.parse(data));
  opened.onclose = ({ code }) => socket === opened && lose(code);
}

function again(code) {
  wasLost = true;
  tell(texts[code] ?? texts.lost);
  // Full jitter: a whole class that lost its line does not come back in one second.
  const most = Math.min(30, 2 ** attempts++);
  retry = setTimeout(connect, 1000 * (0.5 + Math.random() * (most - 0.5)));
}

function lose(code) {
  clearInterval(beating);
  clearTimeout(watchdog);
  socket = null;
  waiting.clear();
  for (const pending of chat.querySelectorAll(".chat-line--pending")) note(pending, texts.kept);
  if (FINAL.has(code)) stop(texts[code], code === 4410 ? "good" : "bad");
  else again(code);
}

function stop(text, tone = "bad") {
  isOver = true;
  tell(text, tone);
  form.hidden = true;
}

function send(type, facts = {}, id = uuid()) {
  if (socket?.readyState !== WebSocket.OPEN) return null;
  socket.send(JSON.stringify({ type, id, ...facts }));
  return id;
}

// A phone can keep a dead socket "open" for minutes: what is not answered in time is given up.
function expectAnswer() {
  clearTimeout(watchdog);
  watchdog = setTimeout(() => {
    const silent = socket;
    if (!silent) return;
    lose(1006);
    silent.close();
  }, 10000);
}

function beat() {
  if (send("beat", { seen: since })) {
    confirmed = since;
    expectAnswer();
  }
}

// --- What the server says --------------------------------------------------------------------------------------

function hear(frame) {
  clearTimeout(watchdog);
  const isAtEnd = talk.scrollHeight - talk.scrollTop - talk.clientHeight < 80;
  if (frame.type === "welcome") welcome(frame);
  else if (frame.type === "events") {
    for (const event of frame.events) show(event);
    if (since - confirmed >= confirmEvents && send("seen", { seen: since })) confirmed = since;
  } else if (frame.type === "ack") acknowledge(frame);
  else if (frame.type === "error") refuse(frame);
  // The talk also shrinks, when a hand goes up: whoever was at its end stays there.
  if (isAtEnd || frame.messages) talk.scrollTop = talk.scrollHeight;
}

function welcome(frame) {
  attempts = 0;
  me = frame.me;
  muted.clear();
  for (const who of frame.muted) muted.add(who);
  setState(frame.state);
  if (frame.messages) {
    chat.replaceChildren();
    for (const message of frame.messages) place(draw(message));
    since = confirmed = frame.seq;
  }
  hands.clear();
  for (const hand of frame.hands) hands.set(hand.who, hand);
  drawHands();
  count(frame.presence);
  form.hidden = false;
  clearInterval(beating);
  beating = setInterval(beat, beatSeconds * 1000);
  beat();
  for (const message of kept.unsent) post(message);
  if (wasLost) tellForNow(texts.back, "good");
  else settle();
  wasLost = false;
}

function show(event) {
  if (event.seq <= since) return;
  since = event.seq;
  if (event.kind === "chat") {
    const mine = event.id && chat.querySelector(`[data-id="${CSS.escape(event.id)}"]`);
    if (mine) mine.remove();
    place(draw(event));
    forget(event.id);
  } else if (event.kind === "chat.removed") {
    const old = chat.querySelector(`[data-seq="${Number(event.of)}"]`);
    if (old) erase(old);
  } else if (event.kind === "hand.raised") {
    hands.set(event.who, { seq: event.seq, who: event.who, name: event.name, called: false });
    drawHands();
  } else if (event.kind === "hand.called") {
    hands.set(event.who, { seq: event.of, who: event.who, name: event.whose, called: true });
    drawHands();
    if (event.who === me.key) tellForNow(texts.called, "good");
  } else if (event.kind === "hand.lowered") {
    hands.delete(event.who);
    drawHands();
  } else if (event.kind === "person.muted" || event.kind === "person.unmuted") {
    const isMuted = event.kind === "person.muted";
    muted[isMuted ? "add" : "delete"](event.who);
    if (event.who === me.key) {
      me.muted = isMuted;
      settle();
    }
    drawMutes();
  } else if (event.kind === "room.opened") {
    setState("open");
    beat();
  } else if (event.kind === "room.ended") setState("ended");
  settleWriting();
}

function acknowledge(frame) {
  if (frame.presence) count(frame.presence);
  const message = waiting.get(frame.id);
  waiting.delete(frame.id);
  if (message) forget(message.id);
}

function refuse(frame) {
  const message = waiting.get(frame.id);
  waiting.delete(frame.id);
  if (message && (frame.code === "too_fast" || frame.code === "unavailable")) {
    setTimeout(() => kept.unsent.includes(message) && post(message), 3000);
    return;
  }
  if (message) {
    forget(message.id);
    chat.querySelector(`[data-id="${CSS.escape(message.id)}"]`)?.remove();
    if (!box.value) setDraft(message.text);
  }
  tellForNow(frame.message, "bad");
}

// --- Messages --------------------------------------------------------------------------------------------------

const muted = new Set();

function draw(message) {
  const item = find("line-template").content.firstElementChild.cloneNode(true);
  item.classList.toggle("chat-line--own", message.by === me.key);
  item.querySelector("[data-name]").textContent = message.name;
  item.querySelector("[data-body]").textContent = message.text;
  const time = item.querySelector("[data-time]");
  time.dateTime = message.at;
  time.textContent = clock.format(new Date(message.at));
  if (message.seq) {
    item.dataset.seq = message.seq;
    item.dataset.by = message.by;
  }
  if (message.by === me.key) item.querySelector("[data-more]")?.remove();
  if (message.removed) erase(item);
  return item;
}

function erase(item) {
  item.classList.add("chat-line--removed");
  item.querySelector("[data-body]").textContent = texts.removed;
  item.querySelector("[data-more]")?.remove();
}

function note(item, text) {
  const state = item.querySelector("[data-note]");
  state.hidden = !text;
  state.textContent = text;
}

function place(item) {
  chat.insertBefore(item, chat.querySelector(".chat-line--pending"));
  find("quiet").hidden = true;
  drawMutes();
}

function post(message) {
  let item = chat.querySelector(`[data-id="${CSS.escape(message.id)}"]`);
  if (!item) {
    item = draw({ name: me.name ?? "", text: message.text, by: me.key, at: message.at });
    item.dataset.id = message.id;
    item.classList.add("chat-line--pending");
    chat.append(item);
    find("quiet").hidden = true;
    talk.scrollTop = talk.scrollHeight;
  }
  const isSent = send("chat.send", { text: message.text }, message.id);
  if (isSent) waiting.set(message.id, message);
  note(item, isSent ? texts.sending : texts.kept);
}

function forget(id) {
  kept.unsent = kept.unsent.filter((message) => message.id !== id);
  keep();
}

function setDraft(text) {
  box.value = kept.draft = text;
  keep();
}

function drawMutes() {
  if (!isStaff) return;
  for (const item of chat.querySelectorAll("[data-by]")) {
    const button = item.querySelector("[data-act='person.mute'], [data-act='person.unmute']");
    if (!button) continue;
    const isMuted = muted.has(item.dataset.by);
    button.dataset.act = isMuted ? "person.unmute" : "person.mute";
    button.textContent = isMuted ? texts.unmute : texts.mute;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = box.value.trim();
  if (!text) return box.focus();
  const message = { id: uuid(), text, at: new Date().toISOString() };
  kept.unsent.push(message);
  setDraft("");
  post(message);
  box.focus();
});

box.addEventListener("input", () => {
  kept.draft = box.value;
  keep();
});

box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});

// --- Hands -----------------------------------------------------------------------------------------------------

const hands = new Map();

function drawHands() {
  const inOrder = [...hands.values()].sort((one, other) => one.seq - other.seq);
  find("hands").replaceChildren(...inOrder.map((hand) => {
    const item = find("hand-template").content.firstElementChild.cloneNode(true);
    item.dataset.seq = hand.seq;
    item.querySelector("[data-name]").textContent = hand.name;
    item.querySelector("[data-called]").hidden = !hand.called;
    item.classList.toggle("hands__one--called", hand.called);
    return item;
  }));
  find("hands-box").hidden = hands.size === 0;
  if (handButton) {
    const isUp = hands.has(me.key);
    handButton.setAttribute("aria-pressed", isUp);
    find("hand-label").textContent = isUp ? texts.lower : texts.raise;
  }
}

handButton?.addEventListener("click", () => send(hands.has(me.key) ? "hand.lower" : "hand.raise"));

// --- The room --------------------------------------------------------------------------------------------------

function setState(state) {
  room.dataset.state = state;
  for (const part of room.querySelectorAll("[data-shown]")) part.hidden = part.dataset.shown !== state;
  settleWriting();
  settle();
}

function settleWriting() {
  const isOpen = room.dataset.state === "open";
  box.disabled = form.querySelector("[type=submit]").disabled = !isOpen || me.muted;
  if (handButton) handButton.disabled = !isOpen;
}

function count({ minutes, held }) {
  const counter = find("presence");
  if (!counter) return;
  counter.hidden = held === 0;
  find("minutes").textContent = number.format(minutes);
  find("held").textContent = number.format(held);
}

room.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act], [data-do]");
  if (!button) return;
  if (button.dataset.do) send(button.dataset.do);
  else send(button.dataset.act, { seq: Number(button.closest("[data-seq]").dataset.seq) });
  button.closest("details")?.removeAttribute("open");
});

find("ask-end")?.addEventListener("click", () => find("end-dialog").showModal());
find("end-dialog")?.addEventListener("close", ({ target }) => target.returnValue === "end" && send("room.end"));

// By place on the keyboard, so that an Arabic layout has the same keys. Never while someone types.
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog")) return;
  if (event.code === "KeyH" && handButton && !form.hidden) handButton.click();
  else if (event.code === "KeyC" && !form.hidden) {
    event.preventDefault();
    box.focus();
  }
});

addEventListener("online", () => !isOver && (socket ? settle() : connect()));
addEventListener("offline", () => !isOver && tell(texts.lost));

box.value = kept.draft;
settleWriting();
talk.scrollTop = talk.scrollHeight;
connect();
