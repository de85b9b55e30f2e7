// Polls. A poll keeps its place on the page while it changes, because the person may be choosing in it.

import { arrange } from "./arrange.js";
import { keptList } from "./browser_storage.js";
import { Outbox } from "./outbox.js";
import { find, number, percent, room, texts } from "./page.js";

const forStaff = "staff" in room.dataset;
const isAsked = !forStaff && !("watching" in room.dataset);
const ORDER = { open: 0, prepared: 1, closed: 2 };
const ACTS = {
  "poll.open": (poll) => poll.state === "prepared",
  "poll.discard": (poll) => poll.state === "prepared",
  "poll.close": (poll) => poll.state === "open",
  "poll.show": (poll) => poll.state === "closed" && !poll.shown,
  "poll.again": (poll) => poll.state === "closed",
};

export class Polls {
  constructor(notice, connection, tabs) {
    this.notice = notice;
    this.connection = connection;
    this.tabs = tabs;
    this.polls = new Map();
    this.items = new Map();
    this.list = find("polls");
    this.outbox = new Outbox(connection, keptList("votes"), (entry, code) => this.settle(entry, code));
    this.eventHandlers = {
      "poll.prepared": (event) => event.question && this.take({ ...event, state: "prepared" }),
      "poll.discarded": (event) => this.drop(event.poll),
      "poll.opened": (event) => this.open(event),
      "poll.closed": (event) => this.close(event),
      "poll.shown": (event) => this.take({ ...event, shown: true }),
    };
    this.ephemeralHandlers = { "poll.tally": (frame) => this.polls.has(frame.poll) && this.take(frame) };
    room.addEventListener("click", ({ target }) => this.act(target.closest("[data-poll-act]")));
    this.list.addEventListener("submit", (event) => {
      event.preventDefault();
      this.vote(Number(event.target.closest("[data-poll]").dataset.poll));
    });
  }

  welcome({ polls }) {
    const told = new Set(polls.map((poll) => poll.poll));
    for (const id of [...this.polls.keys()]) if (!told.has(id)) this.drop(id);
    for (const poll of polls) {
      this.polls.delete(poll.poll);
      this.take(poll);
    }
    this.outbox.postAll();
  }

  acknowledge(id) {
    this.outbox.acknowledge(id);
  }

  refuse(frame) {
    return this.outbox.refuse(frame);
  }

  lost() {
    for (const poll of this.polls.values()) this.draw(poll);
  }

  // --- Frames of the server ----------------------------------------------------------------------------------------

  /** Update a poll. A replayed event may be older than the welcome. */
  take({ poll, question, options, multiple, anonymous, results, state, voters, tally, mine, voted, shown }) {
    const news = { poll, question, options, multiple, anonymous, results, state, voters, tally, mine, voted, shown };
    const one = this.polls.get(poll) ?? {};
    for (const [name, value] of Object.entries(news)) if (value !== undefined) one[name] = value;
    if (!one.options) return;
    this.polls.set(poll, one);
    this.draw(one);
    const inOrder = [...this.polls.values()].sort((a, b) => ORDER[a.state] - ORDER[b.state] || b.poll - a.poll);
    arrange(this.list, inOrder.map((each) => this.items.get(each.poll)));
    find("polls-quiet").hidden = true;
  }

  open(event) {
    this.take({ ...event, state: "open", voters: this.polls.get(event.poll)?.voters ?? 0 });
    this.tabs.markUnseen("polls");
    if (isAsked && this.tabs.shown !== "polls") this.notice.showBriefly(texts.pollAsked);
  }

  close(event) {
    const asked = this.polls.get(event.poll);
    this.take({ ...event, state: "closed", shown: asked?.results !== "hidden" });
    this.tabs.markUnseen("polls");
  }

  drop(id) {
    this.items.get(id)?.remove();
    this.items.delete(id);
    this.polls.delete(id);
    find("polls-quiet").hidden = this.polls.size > 0;
  }

  // --- Input ----------------------------------------------------------------------------------------

  act(button) {
    if (!button) return;
    const poll = Number(button.closest("[data-poll]").dataset.poll);
    if (!this.connection.send(button.dataset.pollAct, { poll })) this.notice.show(texts.lost);
    // The button may be removed by its own effect.
    this.items.get(poll)?.focus({ preventScroll: true });
  }

  vote(id) {
    const inputs = [...this.items.get(id).querySelectorAll("[name=option]")];
    const options = inputs.flatMap((input, place) => (input.checked ? [place] : []));
    if (options.length === 0) return this.showMessage(id, texts.pollChoose);
    this.outbox.replace((entry) => entry.facts.poll === id);
    this.outbox.put("poll.vote", { poll: id, options });
    this.draw(this.polls.get(id));
  }

  settle({ facts }, code) {
    const poll = this.polls.get(facts.poll);
    if (!poll) return;
    if (!code && !poll.anonymous) poll.mine = facts.options;
    if ((!code && poll.anonymous) || code === "already_voted") poll.voted = true;
    this.draw(poll);
  }

  // --- Drawing -----------------------------------------------------------------------------------------------------

  showMessage(id, text) {
    const note = this.items.get(id).querySelector("[data-poll-note]");
    note.hidden = !text;
    if (note.textContent !== text) note.textContent = text;
  }

  item(poll) {
    if (this.items.has(poll.poll)) return this.items.get(poll.poll);
    const item = find("poll-template").content.firstElementChild.cloneNode(true);
    item.dataset.poll = poll.poll;
    item.querySelector("[data-poll-question]").textContent = poll.question;
    const kinds = [poll.multiple ? texts.pollMultiple : texts.pollSingle];
    kinds.push(poll.anonymous ? texts.pollAnonymous : texts.pollNamed);
    item.querySelector("[data-poll-kind]").textContent = kinds.join(" · ");
    item.querySelector("[data-poll-options]").append(...poll.options.map((text) => this.option(poll, text)));
    this.items.set(poll.poll, item);
    return item;
  }

  option(poll, text) {
    const option = find("option-template").content.firstElementChild.cloneNode(true);
    option.querySelector("[data-option-text]").textContent = text;
    option.querySelector("input").type = poll.multiple ? "checkbox" : "radio";
    return option;
  }

  draw(poll) {
    const item = this.item(poll);
    const isAsking = poll.state === "open" && isAsked;
    const isWaiting = this.outbox.entries.some((entry) => entry.facts.poll === poll.poll);
    const state = item.querySelector("[data-poll-state]");
    state.textContent = texts[`poll-${poll.state}`];
    state.classList.toggle("badge--ok", poll.state === "open");
    const help = item.querySelector("[data-poll-help]");
    help.hidden = !isAsking;
    help.textContent = poll.anonymous ? texts.pollAnonymousHelp : texts.pollNamedHelp;
    const submit = item.querySelector("[data-poll-submit]");
    if (submit) submit.hidden = !isAsking || poll.voted === true;
    [...item.querySelectorAll(".poll__option")].forEach((option, place) => this.drawOption(poll, option, place, isAsking));
    item.querySelector("[data-poll-voters]").hidden = poll.voters === undefined;
    item.querySelector("[data-poll-count]").textContent = number.format(poll.voters ?? 0);
    item.querySelector("[data-poll-unshown]").hidden = forStaff || poll.state !== "closed" || poll.tally !== undefined;
    for (const button of item.querySelectorAll("[data-poll-act]")) button.hidden = !ACTS[button.dataset.pollAct](poll);
    if (isWaiting) this.showMessage(poll.poll, this.connection.isOpen ? texts.sending : texts.kept);
    else if (!isAsking) this.showMessage(poll.poll, "");
    else if (poll.voted) this.showMessage(poll.poll, texts.pollVotedOnce);
    else if (poll.mine) this.showMessage(poll.poll, texts.pollVoted);
  }

  drawOption(poll, option, place, isAsking) {
    const input = option.querySelector("input");
    const isMine = poll.mine?.includes(place) ?? false;
    input.hidden = !isAsking;
    input.disabled = !isAsking || poll.voted === true;
    // The choice in an anonymous poll is not shown on the screen afterwards.
    if (poll.voted) input.checked = false;
    if (isAsking && !option.dataset.isRestored && isMine) input.checked = true;
    if (isMine) option.dataset.isRestored = "";
    option.querySelector("[data-option-mine]").hidden = !isMine;
    const result = option.querySelector("[data-option-result]");
    result.hidden = poll.tally === undefined;
    if (result.hidden) return;
    const share = poll.voters ? poll.tally[place] / poll.voters : 0;
    result.querySelector("progress").value = share;
    // Without a dot between them, which looks like an Arabic zero.
    result.querySelector("[data-option-votes]").textContent = `${number.format(poll.tally[place])} (${percent.format(share)})`;
  }
}
