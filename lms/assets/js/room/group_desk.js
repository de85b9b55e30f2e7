// The staff's panel for groups: prepared lists, members, and the group to show.

import { find, number, room } from "./page.js";
import { filled, wordsOf } from "./words.js";

const DESK_REST_MS = 1500;

export class GroupDesk {
  constructor(connection, groups) {
    this.connection = connection;
    this.groups = groups;
    this.desk = find("group-desk");
    this.eventHandlers = {};
    if (!this.desk) return;
    this.words = wordsOf("group-texts");
    // Our own commands: their answer means that the lists have to be reloaded.
    this.asked = new Set();
    this.facts = { lists: [], chosen: null, people: [] };
    groups.changed = () => {
      this.drawGroups();
      this.refreshSoon();
    };
    for (const kind of ["hand.raised", "person.removed"]) this.eventHandlers[kind] = () => this.refreshSoon();
    this.ephemeralHandlers = { here: () => this.refreshSoon() };
    this.listen();
  }

  listen() {
    find("group-prepare").addEventListener("submit", (event) => {
      event.preventDefault();
      this.isNew = true;
      this.ask("group.prepare", { groups: Number(find("group-prepare").querySelector("#group-count").value), division: find("group-prepare").querySelector("#group-division").value, name: find("group-prepare").querySelector("#group-name").value.trim() });
      find("group-new").open = false;
    });
    find("group-list").addEventListener("change", ({ target }) => this.refresh(target.value));
    find("group-open").addEventListener("click", () => this.ask("group.open", { list: this.facts.chosen, minutes: Number(find("group-minutes").value) || null }));
    find("group-discard").addEventListener("click", () => this.ask("group.discard", { list: this.facts.chosen }));
    find("group-announce").addEventListener("submit", (event) => {
      event.preventDefault();
      const box = find("group-announce").querySelector("input");
      const text = box.value.trim();
      if (text && this.connection.send("group.announce", { text })) box.value = "";
    });
    find("group-all").addEventListener("click", ({ target }) => {
      const chip = target.closest("[data-group-number]");
      if (!chip) return;
      const group = Number(chip.dataset.groupNumber);
      this.groups.lookAt(group);
      // Showing another group is a visit, announced to that group only.
      this.connection.send("group.visit", { group });
    });
    find("group-people").addEventListener("change", ({ target }) => {
      const who = target.closest("[data-who]").dataset.who;
      const group = Number(target.value) || null;
      if (this.groups.state.open) this.ask("group.move", { who, group });
      else this.ask("group.place", { list: this.facts.chosen, who, group });
    });
    find("group-people-box").addEventListener("toggle", () => this.refreshSoon());
    room.addEventListener("part", () => this.refreshSoon());
  }

  ask(type, facts) {
    const id = this.connection.send(type, facts);
    if (id) this.asked.add(id);
  }

  acknowledge(id) {
    if (this.asked?.delete(id)) this.refresh(this.isNew ? "" : undefined);
  }

  refuse({ id }) {
    if (this.asked?.delete(id)) this.refresh();
    return false;
  }

  get isShown() {
    return Boolean(this.desk) && !this.desk.closest("[data-panel]").hidden && !this.connection.isOver;
  }

  refreshSoon() {
    if (this.resting || !this.isShown) return;
    this.resting = setTimeout(() => {
      this.resting = null;
      if (this.isShown) this.refresh();
    }, this.facts.people.length ? DESK_REST_MS : 0);
  }

  async refresh(list = this.facts.chosen ?? "") {
    this.isNew = false;
    let answer;
    try {
      answer = await fetch(`${this.desk.dataset.address}?${new URLSearchParams({ list })}`, { headers: { Accept: "application/json" } });
    } catch {
      return;
    }
    if (!answer.ok) return;
    this.facts = await answer.json();
    this.draw();
  }

  // --- On the page -----------------------------------------------------------------------------------------------

  draw() {
    const { lists, chosen } = this.facts;
    const options = lists.map(({ list, name }) => new Option(name, list, false, list === chosen));
    find("group-list").replaceChildren(...options);
    find("group-has-list").hidden = lists.length === 0;
    find("group-none").hidden = lists.length > 0;
    if (!lists.length) find("group-new").open = true;
    this.drawGroups();
    this.drawPeople();
  }

  get count() {
    const { open, groups } = this.groups.state;
    return open ? groups : (this.facts.lists.find(({ list }) => list === this.facts.chosen)?.groups ?? 0);
  }

  drawPeople() {
    find("group-people-box").hidden = this.count === 0;
    const { open } = this.groups.state;
    const list = find("group-people");
    // Redrawn without moving the focus.
    const held = document.activeElement?.closest("[data-group-people] [data-who]")?.dataset.who;
    const groups = Array.from({ length: this.count }, (_, at) => at + 1);
    const items = this.facts.people.map((person) => {
      const item = find("group-person-template").content.firstElementChild.cloneNode(true);
      item.dataset.who = person.who;
      item.querySelector("[data-name]").textContent = person.name;
      item.querySelector("[data-here]").hidden = !person.here;
      const choice = item.querySelector("select");
      const mine = open ? person.seat : person.place;
      choice.setAttribute("aria-label", person.name);
      choice.append(new Option(this.words.noGroup, "", false, mine === null));
      for (const group of groups) choice.append(new Option(filled(this.words.title, { group }), String(group), false, group === mine));
      return item;
    });
    list.replaceChildren(...items);
    if (held) list.querySelector(`[data-who="${CSS.escape(held)}"] select`)?.focus({ preventScroll: true });
  }

  drawGroups() {
    const { state, at, called, unseen } = this.groups;
    find("group-at-work").hidden = !state.open;
    find("group-ready").hidden = state.open;
    const all = find("group-all");
    /** @type {any} */
    const { activeElement } = document;
    const held = activeElement?.dataset.groupNumber;
    const items = Array.from({ length: state.open ? state.groups : 0 }, (_, place) => this.drawChip(place + 1, at, called, unseen));
    all.replaceChildren(...items);
    if (held) all.querySelector(`[data-group-number="${held}"]`)?.focus({ preventScroll: true });
  }

  drawChip(group, at, called, unseen) {
    const item = find("group-chip-template").content.firstElementChild.cloneNode(true);
    const chip = item.querySelector("button");
    chip.dataset.groupNumber = group;
    chip.setAttribute("aria-pressed", group === at);
    item.querySelector("[data-name]").textContent = filled(this.words.title, { group });
    item.querySelector("[data-calls]").hidden = !called.has(group);
    const count = unseen.get(group) ?? 0;
    const badge = item.querySelector("[data-unseen]");
    badge.hidden = count === 0;
    badge.textContent = number.format(count);
    return item;
  }
}
