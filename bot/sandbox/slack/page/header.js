// The line above the messages, and how a channel begins.

import { el, icon } from "./dom.js";

const sign = (channel) => icon(channel.is_private ? "lock" : "hash");

export function drawHeader(root, app) {
  const { world } = app;
  const channel = world.channels.get(world.place?.channel);
  const toggle = () => document.body.classList.toggle("sidebar-open");
  const burger = el(
    "button",
    { type: "button", class: "icon-button burger", "aria-label": "Channels", on: { click: toggle } },
    icon("menu"),
  );
  root.replaceChildren(burger, ...(world.place?.home || channel?.is_im ? ofBot(world) : ofChannel(channel)));
}

function ofChannel(channel) {
  if (!channel) return [];
  return [sign(channel), el("h1", {}, channel.name), el("span", { class: "topic" }, channel.topic ?? "")];
}

function ofBot(world) {
  const direct = [...world.channels.values()].find((channel) => channel.is_im);
  const tab = (href, name, here) =>
    el("a", { class: "tab", href, "aria-current": here ? "page" : null }, name);
  return [
    el("span", { class: "avatar tiny app", "aria-hidden": "true" }, icon("bot")),
    el("h1", {}, world.botName),
    tab("#home", "Home", world.place.home),
    direct && tab(`#${direct.id}`, "Messages", !world.place.home),
  ].filter(Boolean);
}

/** What stands above a channel's first message: where one is, and what to try. */
export function opening(app, channel) {
  const { world } = app;
  const here = world.channels.get(channel);
  const suggest = (text) =>
    el("button", { type: "button", class: "chip-button", on: { click: () => app.compose(text) } }, text);
  if (here.is_im) {
    return el("div", { class: "opening" }, el("p", {}, `Only you and ${world.botName} can read this.`));
  }
  const invitation = `/invite @${world.bot.name}`;
  return el(
    "div",
    { class: "opening" },
    el("div", { class: "opening-mark" }, sign(here)),
    el("h2", {}, here.name),
    el(
      "p",
      {},
      `This is the very beginning of ${here.is_private ? "the private channel " : "#"}${here.name}.`,
    ),
    world.hint && el("p", { class: "try" }, "Try ", suggest(world.hint)),
    !here.bot_in &&
      el("p", { class: "try" }, `${world.botName} is not in this channel. `, suggest(invitation)),
  );
}
