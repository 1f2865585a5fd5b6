// The select elements, all made of one picker: own options, options from the bot, people, channels.

import { confirmed } from "./confirm.js";
import { picker } from "./picker.js";
import { words } from "./text.js";

const normal = (option) => ({
  key: option.value,
  text: words(option.text),
  description: words(option.description),
  raw: option,
});
const person = (user) => ({
  key: user.id,
  text: user.real_name || user.name,
  description: `@${user.name}`,
  raw: user.id,
});
const room = (channel) => ({ key: channel.id, text: `#${channel.name}`, raw: channel.id });

const matches = (query) => {
  const wanted = query.trim().toLowerCase();
  return ({ text, description = "" }) => `${text} ${description}`.toLowerCase().includes(wanted);
};

/** Narrow groups of options down to what was typed. */
const narrowed = (groups) => (query) =>
  groups.map(({ label, options }) => ({ label, options: options.filter(matches(query)) }));

/** Bring `options` or `option_groups` into one shape. */
export function grouped({ options, option_groups: groups }) {
  if (groups?.length)
    return groups.map((group) => ({ label: words(group.label), options: group.options.map(normal) }));
  return [{ label: null, options: (options ?? []).map(normal) }];
}

const people = (world) => [...world.users.values()].map(person);
const rooms = (world) => [...world.channels.values()].map(room);

// Per kind: the property of the answer (its plural is the one of multi_…), the one with what is chosen at first, and the list.
const KINDS = {
  static: { property: "option", lists: (element) => grouped(element), option: normal },
  external: { property: "option", option: normal },
  users: { property: "user", lists: (_, world) => [{ label: null, options: people(world) }] },
  channels: { property: "channel", lists: (_, world) => [{ label: null, options: rooms(world) }] },
  conversations: {
    property: "conversation",
    lists: (_, world) => [
      { label: "Channels", options: rooms(world) },
      { label: "People", options: people(world) },
    ],
  },
};

/** Draw any of static_, external_, users_, channels_ and conversations_select, and their multi_ kin. */
export function select(element, place, { world, surface }) {
  const [, multi, name] = /^(multi_)?(\w+)_select$/.exec(element.type);
  const kind = KINDS[name];
  const property = multi ? `selected_${kind.property}s` : `selected_${kind.property}`;
  const groups = kind.lists?.(element, world);
  const toOption =
    kind.option ?? ((id) => groups.flatMap(({ options }) => options).find(({ key }) => key === id));
  const answer = surface.seed(place, {
    type: element.type,
    [property]: initial(element, kind, multi, world),
  });
  const chosen = [answer[property] ?? []].flat().map(toOption).filter(Boolean);
  return picker({
    label: place.label,
    placeholder: words(element.placeholder) || "Choose an option",
    multi: Boolean(multi),
    max: element.max_selected_items,
    chosen,
    key: place.key,
    remote: !groups,
    minQuery: groups ? 0 : (element.min_query_length ?? 3),
    load: groups
      ? narrowed(groups)
      : (query) => surface.suggest(place, query).then((found) => grouped(found)),
    onChange: async (options) => {
      if (!(await confirmed(element.confirm, world))) return false;
      const raw = options.map((option) => option.raw);
      place.report({ type: element.type, [property]: multi ? raw : (raw[0] ?? null) });
      return true;
    },
  });
}

function initial(element, kind, multi, world) {
  const given = element[multi ? `initial_${kind.property}s` : `initial_${kind.property}`];
  if (given !== undefined) return given;
  const here =
    element.default_to_current_conversation && kind.property === "conversation" ? world.place?.channel : null;
  if (multi) return here ? [here] : [];
  return here ?? null;
}
