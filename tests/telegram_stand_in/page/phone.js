// A phone: shows what the server says is on the screen, and says what the person does. The server keeps everything.
"use strict";

const asked = new URLSearchParams(location.search);
const me = { user: asked.get("user"), bot: asked.get("bot") };
const find = (id) => document.getElementById(id);
const KINDS = ["voice", "photo", "video", "video_note", "document", "audio", "sticker", "location", "contact", "poll",
  "dice", "story", "paid_media", "animation"];
let shown = { version: -1 };
let linked = asked.has("start");
let toast = null;
let editing = 0;

function make(name, attributes = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...inside);
  return made;
}

async function act(what, more = {}) {
  const answer = await fetch(`/phone/${what}`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ ...me, ...more }),
  });
  if (answer.ok) show(await answer.json());
  else trouble(await answer.text());
}

function trouble(words) {
  find("trouble").textContent = words;
  find("trouble").hidden = !words;
}

// Words that are a link or a command can be tapped although nobody marked them.
function live(words) {
  return words.split(/(https?:\/\/\S+|(?<!\S)\/[A-Za-z0-9_]{1,64})/).map((piece, place) => {
    if (place % 2 === 0) return piece;
    if (piece.startsWith("/")) return make("button", { type: "button", onclick: () => act("type", { text: piece }) }, piece);
    return make("a", { href: piece, rel: "noreferrer", target: "_blank" }, piece);
  });
}

const TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "code", spoiler: "span",
  blockquote: "q" };

// The words between the marks first; what lies within marks is cut up again.
function marked(words, entities, start = 0) {
  const pieces = [];
  let at = 0;
  const outer = [...entities].sort((one, other) => one.offset - other.offset || other.length - one.length);
  while (outer.length) {
    const mark = outer.shift();
    const begin = mark.offset - start;
    const inner = [];
    while (outer.length && outer[0].offset < mark.offset + mark.length) inner.push(outer.shift());
    pieces.push(...live(words.slice(at, begin)));
    const content = words.slice(begin, begin + mark.length);
    const children = marked(content, inner, mark.offset);
    if (mark.type === "text_link") pieces.push(make("a", { href: mark.url, rel: "noreferrer", target: "_blank" }, ...children));
    else if (TAGS[mark.type]) pieces.push(make(TAGS[mark.type], { class: mark.type }, ...children));
    else pieces.push(...children);
    at = begin + mark.length;
  }
  return [...pieces, ...live(words.slice(at))];
}

function key(message, [label, data]) {
  if (/^(https?|tg):\/\//.test(data)) {
    return make("a", { href: data, rel: "noreferrer", target: "_blank", title: label, dir: "auto" }, label);
  }
  const busy = shown.waiting.some(([number, tapped]) => number === message.id && tapped === data);
  return make("button", {
    type: "button", dir: "auto", title: label, "data-data": data, "aria-busy": String(busy),
    onclick: () => act("tap", { message: message.id, data }),
  }, label);
}

function bubble(message) {
  const words = make("div", { class: "words", dir: "auto" }, ...marked(message.text, message.entities));
  const kind = message.kind === "text" ? [] : [make("span", { class: "kind" },
    message.size ? `[${message.kind}, ${message.size} bytes]` : `[${message.kind}]`)];
  const player = message.file ? [make("audio", {
    controls: true, preload: "none", "aria-label": `Recording of message ${message.id}`,
    src: `/phone/file?${new URLSearchParams({ bot: me.bot, file: message.file })}`,
  })] : [];
  const time = new Date(message.at * 1000).toTimeString().slice(0, 5);
  const change = message.mine && message.kind === "text"
    ? [make("button", { type: "button", "aria-label": `Edit message ${message.id}`, onclick: () => edit(message) }, "edit")]
    : [];
  const meta = make("div", { class: "meta" }, ...change, message.edited ? "edited " : "", time);
  const rows = message.keyboard.map((row) => make("div", { class: "row" }, ...row.map((each) => key(message, each))));
  const board = rows.length
    ? [make("div", { class: "keyboard", role: "group", "aria-label": `Buttons of message ${message.id}` }, ...rows)] : [];
  return make("li", {
    class: `${message.mine ? "mine" : "theirs"}${rows.length ? " keyed" : ""}`,
    "data-message": message.id, "data-kind": message.kind,
  }, make("div", { class: "bubble" }, ...kind, ...player, words, meta), ...board);
}

function edit(message) {
  editing = message.id;
  find("text").value = message.text;
  find("send").textContent = "Save";
  find("text").focus();
}

function list(place, items) {
  find(place).replaceChildren(...items.map((item) => make("li", {}, item)));
}

function show(state) {
  if (state.version < shown.version) return;
  const main = document.querySelector("main");
  const low = main.scrollHeight - main.scrollTop - main.clientHeight < 60;
  const before = shown.messages?.length ?? 0;
  shown = state;
  trouble("");
  find("name").textContent = state.bot.name;
  find("username").textContent = `@${state.bot.username}`;
  if (![...find("language").options].some((each) => each.value === state.language)) {
    find("language").append(make("option", {}, state.language));
  }
  find("language").value = state.language;
  find("about").hidden = state.messages.length > 0 || !state.description;
  find("description").textContent = state.description;
  find("messages").replaceChildren(...state.messages.map(bubble));
  list("commands", state.commands.map((each) => make("button", {
    type: "button", onclick: () => { fold("commands", "menu", false); act("type", { text: `/${each.command}` }); },
  }, make("b", {}, `/${each.command}`), make("bdi", {}, each.description))));
  buttons(state);
  tell(state.toast);
  if (low || state.messages.length !== before) main.scrollTop = main.scrollHeight;
  document.documentElement.dataset.version = state.version;
}

function buttons(state) {
  const blocked = state.state === "blocked";
  const fresh = linked || !["open", "blocked"].includes(state.state);
  find("big").hidden = !blocked && !fresh;
  find("big").textContent = blocked ? "Restart" : "Start";
  find("composer").hidden = blocked || fresh;
  find("menu").hidden = state.commands.length === 0;
  find("block").textContent = blocked ? "Unblock" : "Block";
}

function tell(news) {
  if (!news || news.id === toast) return;
  const first = toast === null && !document.documentElement.dataset.version;
  toast = news.id;
  if (first) return;
  if (news.alert) {
    find("alert-text").textContent = news.text;
    find("alert").showModal();
    return;
  }
  find("toast").textContent = news.text;
  find("toast").hidden = false;
  setTimeout(() => { find("toast").hidden = true; }, 3000);
}

function fold(place, by, open) {
  find(place).hidden = !open;
  find(by).setAttribute("aria-expanded", String(open));
}

async function follow() {
  for (;;) {
    try {
      const answer = await fetch(`/phone/state?${new URLSearchParams({ ...me, version: shown.version })}`);
      if (!answer.ok) throw new Error(await answer.text());
      show(await answer.json());
    } catch (problem) {
      trouble(String(problem));
      await new Promise((resolve) => { setTimeout(resolve, 1000); });
    }
  }
}

find("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = find("text").value;
  if (!text.trim()) return;
  find("text").value = "";
  find("send").textContent = "Send";
  const changed = editing;
  editing = 0;
  if (changed) act("edit", { message: changed, text });
  else act("type", { text });
});
find("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    find("composer").requestSubmit();
  }
});
find("big").addEventListener("click", () => {
  const payload = linked ? asked.get("start") : "";
  linked = false;
  act("start", { payload });
});
find("menu").addEventListener("click", () => fold("commands", "menu", find("commands").hidden));
find("attach").addEventListener("click", () => fold("kinds", "attach", find("kinds").hidden));
find("block").addEventListener("click", () => act(shown.state === "blocked" ? "unblock" : "block"));
find("language").addEventListener("change", () => act("language", { language: find("language").value }));
list("kinds", KINDS.map((kind) => make("button", {
  type: "button", onclick: () => { fold("kinds", "attach", false); act("send", { kind }); },
}, kind.replace("_", " "))));
if (asked.get("language")) act("language", { language: asked.get("language") });
follow();
