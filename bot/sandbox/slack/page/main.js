// The demo's chat client: connects the wire, what is known, and the four places where it is drawn.

import { Composer } from "./composer.js";
import { el } from "./dom.js";
import { Feed } from "./feed.js";
import { drawHeader, opening } from "./header.js";
import { Home } from "./home.js";
import { Modals } from "./modal.js";
import { Questions } from "./questions.js";
import { drawSidebar } from "./sidebar.js";
import { connect } from "./socket.js";
import { World } from "./state.js";
import { Surface } from "./surface.js";
import { Thread } from "./thread.js";

const $ = (id) => document.getElementById(id);
const world = new World();
const surfaces = new Map();
const openings = new Map();

/** What every part of the page may ask for. */
const app = {
  world,
  send: (frame) => wire.send(frame),
  suggest: (frame) => questions.ask(frame),

  /** The answers given in a message, kept while the message is edited. */
  surfaceOf(where) {
    const key = `${where.channel}/${where.ts}`;
    if (!surfaces.has(key)) surfaces.set(key, new Surface(app, where));
    return surfaces.get(key);
  },

  compose(text) {
    composer.fill(text);
  },

  openThread(channel, ts) {
    world.thread = { channel, ts };
    app.send({ type: "thread", channel, ts });
    draw();
    thread.composer.input.focus();
  },

  closeThread() {
    world.thread = null;
    draw();
    composer.input.focus();
  },

  dismiss(channel, ts) {
    world.remove(channel, ts);
    draw();
  },

  become(user) {
    world.me = user;
    world.forget();
    surfaces.clear();
    modals.closeAll();
    app.send({ type: "be", user });
  },
};

const questions = new Questions((frame) => wire.send(frame));
const feed = new Feed($("feed"), app);
const home = new Home($("home"), app);
const thread = new Thread($("thread"), app);
const modals = new Modals(app);
const composer = new Composer($("composer"), app, {
  send(text) {
    // The answer to what one has just said should be seen.
    feed.toEnd();
    return app.send({ type: "say", channel: world.place?.channel, text });
  },
  commandsWork: true,
});

/** Go where the address says; the first channel when it says nothing. */
function go() {
  const wanted = location.hash.slice(1);
  const first = world.channels.keys().next().value;
  const place = wanted === "home" ? { home: true } : { channel: world.channels.has(wanted) ? wanted : first };
  if (world.thread && world.thread.channel !== place.channel) world.thread = null;
  world.place = place;
  document.body.classList.remove("sidebar-open");
  if (place.home) app.send({ type: "home" });
  else if (place.channel) app.send({ type: "open", channel: place.channel });
  if (world.thread) app.send({ type: "thread", ...world.thread });
  world.unread.delete(place.channel);
  draw();
  if (!place.home && !world.thread) composer.input.focus({ preventScroll: true });
}

const FRAMES = {
  hello(frame) {
    world.hello(frame);
    history.replaceState(null, "", `?user=${encodeURIComponent(world.me)}${location.hash}`);
    feed.forget();
    thread.feed.forget();
    openings.clear();
    home.drawn = null;
    go();
  },
  history: ({ channel, messages }) => world.history(channel, messages),
  thread: ({ channel, ts, messages }) => world.replies(channel, ts, messages),
  message({ channel, message }) {
    world.put(channel, message);
    world.count(channel, message);
  },
  message_changed: ({ channel, message }) => world.put(channel, message),
  message_deleted: ({ channel, ts }) => world.remove(channel, ts),
  ephemeral({ channel, message }) {
    world.put(channel, { ...message, is_ephemeral: true });
    world.count(channel, { ...message, is_ephemeral: true });
  },
  ephemeral_replaced({ channel, ts, message }) {
    world.remove(channel, ts);
    // It stays where it was, whatever it is now.
    world.put(channel, { ...message, ts, is_ephemeral: true });
  },
  ephemeral_deleted: ({ channel, ts }) => world.remove(channel, ts),
  notice({ channel, text }) {
    // Words about a modal or the Home tab belong to no channel.
    if (!channel) return modals.complain(text) || toast(text);
    world.notice(channel, text);
    world.count(channel, { is_ephemeral: true });
  },
  view_opened: ({ view }) => modals.open(view),
  view_updated: ({ view }) => modals.show(view),
  view_closed: ({ view_id: id }) => modals.closed(id),
  view_errors: (frame) => modals.errors(frame),
  home: ({ view }) => (world.home = view),
  channel({ channel }) {
    world.channels.set(channel.id, channel);
    openings.delete(channel.id);
  },
  options: (frame) => questions.answer(frame),
};

/** Say something over everything else for a while. */
function toast(text) {
  const node = el("div", { class: "toast", role: "alert" }, text);
  document.body.append(node);
  setTimeout(() => node.remove(), 6000);
}

function draw() {
  const { place } = world;
  drawSidebar($("sidebar"), app);
  drawHeader($("header"), app);
  $("feed").hidden = $("composer").hidden = !place?.channel;
  if (place?.channel) drawChannel(place.channel);
  home.draw();
  thread.draw();
  const name = place?.home ? world.botName : world.label(place?.channel);
  const waiting = [...world.unread.values()].reduce((sum, { mentions }) => sum + mentions, 0);
  document.title = `${waiting ? `(${waiting}) ` : ""}${name} · ${world.team.name}`;
}

function drawChannel(channel) {
  if (!openings.has(channel)) openings.set(channel, opening(app, channel));
  composer.move(channel, `Message ${world.label(channel)}`);
  feed.draw(channel, channel, world.feed(channel), openings.get(channel));
}

const address = new URL("client/socket", document.baseURI);
address.protocol = address.protocol.replace("http", "ws");
world.me = new URLSearchParams(location.search).get("user") ?? "";

const wire = connect(address, {
  up: () => {
    $("banner").hidden = true;
    wire.send({ type: "be", user: world.me });
  },
  down: () => {
    $("banner").textContent = "Connection lost. Reconnecting…";
    $("banner").hidden = false;
    questions.interrupted();
    modals.interrupted();
  },
  frame(message) {
    FRAMES[message.type]?.(message);
    if (world.place) draw();
  },
});
// In a narrow window the sidebar lies over the messages until something else is touched.
$("main").addEventListener("click", (event) => {
  if (!event.target.closest(".burger")) document.body.classList.remove("sidebar-open");
});
window.addEventListener("hashchange", () => world.users.size && go());
