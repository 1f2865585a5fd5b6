// Emoji by short name. Those the bot uses are drawn, so that they look the same on a machine without an emoji font.

import { el, sprite } from "./dom.js";

/** Names that emoji.svg draws. */
export const DRAWN = new Set(
  `hourglass_flowing_sand hourglass white_check_mark x warning package link arrow_right arrow_left arrow_up arrow_down
  arrows_counterclockwise repeat no_entry octagonal_sign eyes bulb tada wave lock zzz clock3 mag gear rocket iphone
  information_source no_entry_sign file_folder hammer_and_wrench bell herb`.split(/\s+/),
);

const CHARACTERS = Object.fromEntries(
  `+1 👍 -1 👎 thumbsup 👍 thumbsdown 👎 clap 👏 pray 🙏 muscle 💪 ok_hand 👌 raised_hands 🙌 point_right 👉 point_left 👈
  point_up ☝️ point_down 👇 smile 😄 smiley 😃 grinning 😀 grin 😁 joy 😂 rofl 🤣 laughing 😆 sweat_smile 😅 blush 😊
  wink 😉 heart_eyes 😍 kissing_heart 😘 stuck_out_tongue 😛 sunglasses 😎 thinking_face 🤔 neutral_face 😐
  expressionless 😑 unamused 😒 roll_eyes 🙄 grimacing 😬 relieved 😌 pensive 😔 sleepy 😪 sleeping 😴 mask 😷
  dizzy_face 😵 confused 😕 worried 😟 slightly_frowning_face 🙁 slightly_smiling_face 🙂 open_mouth 😮 astonished 😲
  flushed 😳 cry 😢 sob 😭 scream 😱 angry 😠 rage 😡 skull 💀 ghost 👻 alien 👽 robot_face 🤖 poop 💩 heart ❤️
  broken_heart 💔 blue_heart 💙 green_heart 💚 yellow_heart 💛 purple_heart 💜 sparkles ✨ star ⭐ star2 🌟 fire 🔥
  boom 💥 zap ⚡ sunny ☀️ cloud ☁️ rainbow 🌈 snowflake ❄️ umbrella ☔ 100 💯 checkered_flag 🏁 trophy 🏆 medal 🏅
  dart 🎯 gift 🎁 balloon 🎈 confetti_ball 🎊 birthday 🎂 coffee ☕ tea 🍵 beer 🍺 beers 🍻 pizza 🍕 cookie 🍪 apple 🍎
  banana 🍌 grapes 🍇 lemon 🍋 strawberry 🍓 watermelon 🍉 cherries 🍒 pineapple 🍍 dog 🐶 cat 🐱 mouse 🐭 bear 🐻
  panda_face 🐼 fox_face 🦊 frog 🐸 monkey_face 🐵 see_no_evil 🙈 chicken 🐔 penguin 🐧 turtle 🐢 snake 🐍 bug 🐛
  ant 🐜 bee 🐝 snail 🐌 unicorn_face 🦄 car 🚗 bike 🚲 train 🚆 airplane ✈️ ship 🚢 house 🏠 office 🏢 factory 🏭
  computer 💻 desktop_computer 🖥️ keyboard ⌨️ phone ☎️ camera 📷 tv 📺 video_game 🎮 joystick 🕹️ headphones 🎧
  art 🎨 books 📚 book 📖 memo 📝 pencil ✏️ pencil2 ✏️ paperclip 📎 scissors ✂️ clipboard 📋 calendar 📅 date 📅
  chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 bar_chart 📊 open_file_folder 📂 inbox_tray 📥 outbox_tray 📤
  email 📧 envelope ✉️ mailbox 📫 mega 📣 loudspeaker 📢 no_bell 🔕 key 🔑 unlock 🔓 closed_lock_with_key 🔐 hammer 🔨
  wrench 🔧 nut_and_bolt 🔩 toolbox 🧰 test_tube 🧪 microscope 🔬 telescope 🔭 battery 🔋 electric_plug 🔌 floppy_disk 💾
  cd 💿 wastebasket 🗑️ label 🏷️ bookmark 🔖 money_with_wings 💸 stopwatch ⏱️ timer_clock ⏲️ alarm_clock ⏰ watch ⌚
  heavy_check_mark ✔️ ballot_box_with_check ☑️ heavy_multiplication_x ✖️ negative_squared_cross_mark ❎ question ❓
  grey_question ❔ exclamation ❗ heavy_exclamation_mark ❗ bangbang ‼️ recycle ♻️ arrow_forward ▶️ double_vertical_bar ⏸️
  black_square_for_stop ⏹️ fast_forward ⏩ rewind ⏪ arrow_heading_down ⤵️ leftwards_arrow_with_hook ↩️
  arrow_right_hook ↪️ red_circle 🔴 large_green_circle 🟢 large_yellow_circle 🟡 large_blue_circle 🔵 white_circle ⚪
  black_circle ⚫ large_orange_circle 🟠 small_blue_diamond 🔹 new 🆕 ok 🆗 free 🆓 up 🆙 sos 🆘 construction 🚧
  rotating_light 🚨 traffic_light 🚦 anchor ⚓ earth_africa 🌍 earth_americas 🌎 earth_asia 🌏 globe_with_meridians 🌐
  seedling 🌱 evergreen_tree 🌲 four_leaf_clover 🍀 bouquet 💐 jigsaw 🧩 speech_balloon 💬 thought_balloon 💭
  busts_in_silhouette 👥 bust_in_silhouette 👤 one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣ eight 8️⃣ nine 9️⃣`
    .trim()
    .split(/\s+/)
    .reduce((pairs, word, index, all) => (index % 2 ? pairs : [...pairs, [word, all[index + 1]]]), []),
);

export const hasEmoji = (name) => DRAWN.has(name) || Object.hasOwn(CHARACTERS, name);

/** Draw an emoji; a name nobody knows stays `:name:`, as Slack shows it. */
export function emoji(name) {
  if (!hasEmoji(name)) return document.createTextNode(`:${name}:`);
  return el(
    "span",
    { class: "emoji", role: "img", "aria-label": `${name.replaceAll("_", " ")} emoji`, title: `:${name}:` },
    DRAWN.has(name) ? sprite("emoji", name) : CHARACTERS[name],
  );
}
