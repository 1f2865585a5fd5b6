// Slack's mrkdwn as nodes: https://docs.slack.dev/messaging/formatting-message-text

import { el, safeUrl } from "./dom.js";
import { emoji, hasEmoji } from "./emoji.js";
import { full, slackDate } from "./dates.js";

const TAGS = { "*": "strong", _: "em", "~": "s" };
const WORD = /[\p{L}\p{N}]/u;
const CODE = /`([^`\n]+)`/y;
const ANGLE = /<([^<>\n]+)>/y;
const EMOJI = /:([a-z0-9_+'-]+):/y;
const BARE_URL = /https?:\/\/[^\s<>]*[^\s<>.,;:!?'")\]}]/y;

/** Undo the three escapes that Slack asks for. */
export function unescape(text) {
  return text.replace(/&(lt|gt|amp);/g, (_, name) => ({ lt: "<", gt: ">", amp: "&" })[name]);
}

/** Parse a message's text into nodes. `world` knows the people and channels. */
export function mrkdwn(text, world) {
  return fences(text).flatMap(({ code, text: part }) =>
    code ? [el("pre", { class: "code" }, unescape(part))] : lines(part, world),
  );
}

function fences(text) {
  const parts = text.split("```");
  // An opening fence without its partner is ordinary text.
  if (parts.length % 2 === 0) parts.push(`${parts.splice(-2).join("```")}`);
  return parts
    .map((part, index) => ({
      code: index % 2 === 1,
      text: index % 2 === 1 ? part.replace(/^\n|\n$/g, "") : part,
    }))
    .map((part, index) => (part.code ? part : { ...part, text: trimmed(part.text, index, parts.length) }))
    .filter((part) => part.text !== "");
}

// A fence stands on lines of its own, so the line breaks around it are its own too.
function trimmed(text, index, count) {
  const start = index > 0 ? text.replace(/^\n/, "") : text;
  return index < count - 1 ? start.replace(/\n$/, "") : start;
}

function lines(text, world) {
  const out = [];
  let quote = null;
  let plain = null;
  for (const line of text.split("\n")) {
    const quoted = /^(?:&gt;|>)\s?(.*)$/.exec(line);
    if (quoted) {
      plain = null;
      if (quote) quote.append(el("br"));
      else out.push((quote = el("blockquote")));
      quote.append(...inline(quoted[1], world));
    } else {
      if (quote) quote = null;
      else if (plain) out.push(el("br"));
      plain = true;
      out.push(...inline(line, world));
    }
  }
  return out;
}

/** Parse one line. */
export function inline(text, world) {
  const out = [];
  let plain = "";
  let at = 0;
  const push = (node, length) => {
    if (plain) out.push(document.createTextNode(unescape(plain)));
    plain = "";
    out.push(node);
    at += length;
  };
  while (at < text.length) {
    const found = special(text, at, world);
    if (found) push(...found);
    else plain += text[at++];
  }
  if (plain) out.push(document.createTextNode(unescape(plain)));
  return out;
}

function special(text, at, world) {
  const char = text[at];
  const match = (pattern) => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  let found;
  if (char === "`" && (found = match(CODE))) return [el("code", {}, unescape(found[1])), found[0].length];
  if (char === "<" && (found = match(ANGLE))) return [angle(found[1], world), found[0].length];
  if (char === ":" && (found = match(EMOJI)) && hasEmoji(found[1])) return [emoji(found[1]), found[0].length];
  if (char === "h" && !WORD.test(text[at - 1] ?? "") && (found = match(BARE_URL)))
    return [link(unescape(found[0]), unescape(found[0])), found[0].length];
  const end = TAGS[char] ? closing(text, at) : -1;
  if (end > 0) return [el(TAGS[char], {}, inline(text.slice(at + 1, end), world)), end + 1 - at];
  return null;
}

// A mark opens after a non-word and before a non-space, and closes the other way round: snake_case stays as it is.
function closing(text, at) {
  const mark = text[at];
  const before = text[at - 1] ?? "";
  if (WORD.test(before) || before === mark || !/[^\s]/.test(text[at + 1] ?? " ") || text[at + 1] === mark)
    return -1;
  for (let end = at + 1; end < text.length; end += 1) {
    for (const pattern of [CODE, ANGLE]) {
      pattern.lastIndex = end;
      const skipped = pattern.exec(text);
      if (skipped) end += skipped[0].length;
    }
    const after = text[end + 1] ?? "";
    if (text[end] === mark && !/\s/.test(text[end - 1]) && !WORD.test(after) && after !== mark) return end;
  }
  return -1;
}

function angle(body, world) {
  const [target, ...rest] = body.split("|");
  const label = rest.length ? unescape(rest.join("|")) : null;
  if (/^@[UW]\w*$/.test(target)) return mention(target.slice(1), world, label);
  if (/^#C\w*$/.test(target)) return channel(target.slice(1), world, label);
  if (target.startsWith("!date^")) return date(target, label ?? "");
  if (/^!(here|channel|everyone)$/.test(target))
    return el("span", { class: "mention me" }, `@${target.slice(1)}`);
  if (target.startsWith("!subteam^")) return el("span", { class: "mention" }, label ?? "@group");
  return link(unescape(target), label ?? unescape(target), unescape(`<${body}>`));
}

export function mention(id, world, label = null) {
  const user = world.users.get(id);
  const mine = id === world.me ? "mention me" : "mention";
  return el(
    "span",
    { class: mine, title: user?.real_name ?? id },
    `@${user ? user.real_name || user.name : (label ?? id)}`,
  );
}

export function channel(id, world, label = null) {
  const known = world.channels.get(id);
  if (!known) return el("span", { class: "mention" }, `#${label ?? id}`);
  return el("a", { class: "mention", href: `#${id}` }, `#${known.name}`);
}

export function date(target, fallback) {
  const [, unix, pattern = "", url] = target.split("^");
  const said = slackDate(unix, unescape(pattern), fallback);
  const moment = new Date(Number(unix) * 1000);
  if (Number.isNaN(moment.getTime())) return document.createTextNode(fallback);
  const node = el("time", { datetime: moment.toISOString(), title: full(moment) }, said);
  return url && safeUrl(unescape(url)) ? link(unescape(url), node) : node;
}

/** Link to `url` in a new tab; what is no web address stays the text it was. */
export function link(url, label, otherwise = label) {
  if (!safeUrl(url)) return typeof otherwise === "string" ? document.createTextNode(otherwise) : otherwise;
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer", title: url }, label);
}
