// The people in the room and in the lobby, for staff. The list is fetched page by page while it is open.

import { find, number, room, texts } from "./page.js";

const ROSTER_REST_MS = 2000;
const TYPING_MS = 400;

export class Roster {
  constructor(me, notice, connection, tabs) {
    this.connection = connection;
    this.waiting = new Map();
    this.page = 1;
    this.isStaff = find("people") !== null;
    const changed = () => this.refreshSoon();
    this.eventHandlers = {
      "person.kicked": (event) => {
        if (event.who === me.key) texts[4403] = texts.kicked;
        changed();
      },
      "lobby.waiting": (event) => {
        if (!event.who) return;
        this.waiting.set(event.who, event);
        this.drawLobby();
        tabs.markUnseen("people");
        notice.showBriefly(texts.waitsOutside.replace("{name}", event.name));
      },
      "lobby.admitted": (event) => {
        if (event.who) this.waiting.delete(event.who);
        else this.waiting.clear();
        this.drawLobby();
      },
      "rules.changed": (event) => {
        // With the lobby switched off, people in it enter by themselves.
        if (event.lobby === false) this.waiting.clear();
        this.drawLobby();
      },
    };
    for (const kind of ["person.muted", "person.unmuted", "person.removed", "person.readmitted", "all.muted", "all.unmuted", "hand.raised", "hand.lowered", "host.added", "host.removed"]) this.eventHandlers[kind] = changed;
    this.ephemeralHandlers = { here: ({ count }) => this.showCount(count) };
    if (this.isStaff) this.listen();
  }

  listen() {
    find("people").addEventListener("click", ({ target }) => {
      const button = target.closest("[data-who-act]");
      if (button) this.connection.send(button.dataset.whoAct, { who: button.closest("[data-who]").dataset.who });
      const step = target.closest("[data-roster-step]");
      if (step) this.turn(this.page + Number(step.dataset.rosterStep));
    });
    find("roster-search").addEventListener("input", () => {
      clearTimeout(this.typing);
      this.typing = setTimeout(() => this.turn(1), TYPING_MS);
    });
    find("host-search").addEventListener("input", () => {
      clearTimeout(this.searching);
      this.searching = setTimeout(() => this.findHosts(), TYPING_MS);
    });
    find("hosts").addEventListener("toggle", () => find("hosts").open && this.findHosts());
    room.addEventListener("part", () => this.refreshSoon());
  }

  welcome({ here, lobby }) {
    this.showCount(here);
    this.waiting.clear();
    for (const one of lobby) this.waiting.set(one.who, one);
    this.drawLobby();
    this.refreshSoon();
  }

  showCount(count) {
    const line = find("here");
    line.hidden = count === 0;
    line.textContent = texts.here.replace("{count}", number.format(count));
    this.refreshSoon();
  }

  drawLobby() {
    if (!this.isStaff) return;
    this.fill(find("lobby-list"), "lobby-template", this.waiting.values());
    find("lobby").hidden = this.waiting.size === 0;
  }

  fill(list, template, people) {
    const items = [];
    for (const person of people) {
      const item = find(template).content.firstElementChild.cloneNode(true);
      item.dataset.who = person.who;
      item.querySelector("[data-name]").textContent = person.name;
      items.push(item);
    }
    list.replaceChildren(...items);
    return items;
  }

  // --- The list ----------------------------------------------------------------------------------------------------

  get isShown() {
    return this.isStaff && !find("people").closest("[data-panel]").hidden && !this.connection.isOver;
  }

  /** Reload the list at most once per interval. */
  refreshSoon() {
    if (!this.isStaff || this.resting) return;
    this.resting = setTimeout(() => {
      this.resting = null;
      if (this.isShown) this.turn(this.page);
    }, ROSTER_REST_MS);
    if (this.isShown && !find("roster").children.length) this.turn(this.page);
  }

  async ask(address, facts) {
    try {
      const answer = await fetch(`${address}?${new URLSearchParams(facts)}`, { headers: { Accept: "application/json" } });
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  async turn(page) {
    const search = find("roster-search").value;
    const answer = await this.ask(room.dataset.rosterUrl, { q: search, page });
    // An answer to an earlier search is ignored.
    if (!answer || search !== find("roster-search").value) return;
    this.page = answer.page;
    const list = find("roster");
    // Redrawn without closing open details or moving the focus.
    const opened = new Set([...list.querySelectorAll("[data-who]:has(details[open])")].map((item) => item.dataset.who));
    /** @type {any} */
    const { activeElement } = document;
    const held = list.contains(activeElement) ? activeElement : null;
    const holder = held?.closest("[data-who]")?.dataset.who;
    const items = this.fill(list, "person-template", answer.people);
    for (const [at, person] of answer.people.entries()) {
      this.drawPerson(items[at], person);
      const acts = items[at].querySelector("details");
      if (acts) acts.open = opened.has(person.who);
    }
    if (!items.length) list.replaceChildren(Object.assign(document.createElement("li"), { textContent: texts.noMatch }));
    const again = holder && list.querySelector(`[data-who="${CSS.escape(holder)}"]`);
    if (again) (again.querySelector(`[data-who-act="${held.dataset.whoAct}"]`) ?? again.querySelector("summary"))?.focus();
    find("roster-pages").hidden = answer.pages < 2;
    find("roster-page").textContent = texts.page.replace("{page}", number.format(answer.page)).replace("{pages}", number.format(answer.pages));
    for (const step of find("people").querySelectorAll("[data-roster-step]")) {
      const next = answer.page + Number(step.dataset.rosterStep);
      step.disabled = next < 1 || next > answer.pages;
    }
  }

  drawPerson(item, person) {
    for (const badge of item.querySelectorAll("[data-is]")) if (!person[badge.dataset.is]) badge.remove();
    const fits = {
      "person.mute": !person.is_staff && !person.is_muted,
      "person.unmute": !person.is_staff && person.is_muted,
      "person.kick": !person.is_staff && person.is_here,
      "person.remove": !person.is_staff && !person.is_removed,
      "person.readmit": person.is_removed,
      "host.remove": person.is_host,
    };
    for (const button of item.querySelectorAll("[data-who-act]")) {
      if (!fits[button.dataset.whoAct]) button.remove();
      else button.addEventListener("click", () => button.closest("details").removeAttribute("open"));
    }
    if (!item.querySelector("[data-who-act]")) item.querySelector("[data-person-acts]").remove();
  }

  async findHosts() {
    const answer = await this.ask(room.dataset.candidatesUrl, { q: find("host-search").value });
    if (!answer) return;
    const items = this.fill(find("host-list"), "host-template", answer.people);
    if (!items.length) find("host-list").replaceChildren(Object.assign(document.createElement("li"), { textContent: texts.noMatch }));
    for (const item of items) item.querySelector("button").addEventListener("click", () => item.remove());
  }
}
