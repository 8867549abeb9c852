// Takes over the plain forms of the chat: sends over a socket, shows what was said at once, and keeps what could not be
// stored until it is. Without this script, or without a socket, the same forms are sent by the browser itself.

const main = document.getElementById("chat");
const list = document.querySelector("#log ol");
const shelf = `unsent-${main.dataset.person}`;
const LONGEST_WAIT = 15000;
const SIGNED_OUT = 4401;

let last = Number(main.dataset.last);
let unsent = JSON.parse(sessionStorage.getItem(shelf) ?? "[]"); // of this tab and person; survives a reload
let socket = null;
let wasOpen = false;
let leaving = false; // the browser is sending a form itself: nothing may get in its way
let wait = 500;
let timer = 0;

// The socket

function connect() {
  clearTimeout(timer);
  const address = new URL(`/chat/socket?after=${last}`, location.href);
  address.protocol = address.protocol.replace("http", "ws");
  socket = new WebSocket(address);
  socket.addEventListener("open", opened);
  socket.addEventListener("message", (event) => took(JSON.parse(event.data)));
  socket.addEventListener("close", closed);
}

function opened() {
  wasOpen = true;
  document.documentElement.dataset.live = "yes";
  wait = 500;
  unsent.forEach(transmit);
  socket.send("look");
}

function closed(event) {
  socket = null;
  if (leaving) return;
  if (event.code === SIGNED_OUT) return location.reload();
  showUnsent();
  again(connect);
}

// Later and later, and not all phones at the same moment.
function again(what) {
  clearTimeout(timer);
  timer = setTimeout(what, wait * (0.5 + Math.random() / 2));
  wait = Math.min(wait * 2, LONGEST_WAIT);
}

const isOpen = () => socket?.readyState === WebSocket.OPEN;

function transmit({ id, text, tap }) {
  if (isOpen()) socket.send(JSON.stringify({ id, text, tap }));
}

// What comes from the server

function took(frame) {
  if ("refused" in frame) return unsent.map(({ id }) => id).forEach(forget), location.reload();
  if ("away" in frame) return showUnsent(), again(() => unsent.forEach(transmit));
  const mine = unsent.some(({ id }) => id === frame.stored);
  if (frame.stored) {
    wait = 500;
    forget(frame.stored, endsWith(frame));
  }
  if (leaving || !("messages" in frame)) return;
  last = frame.last;
  if (frame.language !== main.dataset.language && !unsent.length) return location.reload();
  show(frame, mine);
}

// Of a conversation that is over only our last words come back. What the person said to end it stays as it was shown.
const endsWith = ({ messages }) => Boolean(messages?.trim()) && !messages.includes('class="me"');

function show(frame, mine) {
  const messages = [...parsed(frame.messages).children].filter(({ id }) => !document.getElementById(id));
  const answer = parsed(frame.answer).firstElementChild;
  // What somebody is writing is left alone as long as the question is the same.
  if (!mine && (unsent.length || asks(answer) === asks(current()))) return add(messages);
  document.querySelectorAll(".waiting").forEach((old) => old.classList.remove("waiting"));
  document.getElementById("now")?.remove();
  // A question that gets the focus is read out as the name of its form: once is enough.
  if (mine) messages.filter((item) => item.matches(".waiting")).forEach((item) => item.setAttribute("aria-live", "off"));
  add(messages);
  if (mine) markSaved();
  current().replaceWith(answer);
  if (!mine) return;
  answer.focus({ preventScroll: true });
  (messages.find((item) => item.matches(".bot")) ?? answer).scrollIntoView({ block: "start" });
}

function add(messages) {
  messages.forEach((item) => item.classList.add("fresh"));
  list.append(...messages);
}

const asks = (section) => section.getAttribute("aria-labelledby");
const current = () => document.getElementById("answer");

function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = html; // made by the same templates as the page, where everything is escaped
  return template.content;
}

// What the person sends

addEventListener("submit", (event) => {
  const form = event.target;
  if ("close" in form.dataset) sessionStorage.clear();
  if ("plain" in form.dataset || !wasOpen) {
    leaving = true;
    return;
  }
  event.preventDefault();
  if (current().getAttribute("aria-busy") === "true") return;
  const message = read(form, event.submitter);
  unsent.push(message);
  keep();
  showSending(message);
  transmit(message);
});

function read(form, button) {
  const data = new FormData(form);
  const tap = button?.name === "tap" ? JSON.parse(button.value) : null;
  const ticked = form.matches(".many") ? data.getAll("choice") : [];
  if (ticked.length) tap.choices = [...(tap.choices ?? []), ...ticked];
  const text = !tap || tap.action === "choose" ? data.get("text") ?? "" : "";
  return { id: newId(), text, tap, label: labels(form, button, text) };
}

function labels(form, button, text) {
  const chosen = [...form.querySelectorAll("input:checked")].map((box) => box.closest("label"));
  const name = (item) => (item.querySelector("b") ?? item.querySelector(".label"))?.innerText.trim();
  const said = (form.matches(".many") ? chosen : [button]).map(name);
  return [...said, text].filter(Boolean).join("\n");
}

function newId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function keep() {
  sessionStorage.setItem(shelf, JSON.stringify(unsent));
}

// How it is shown until it is stored

const copy = (name) => document.getElementById(`copy-${name}`).content.firstElementChild.cloneNode(true);

function showSending({ id, label }) {
  const item = copy("own");
  item.id = `own-${id}`;
  item.querySelector(".words").textContent = label;
  item.querySelector(".words").hidden = !label;
  list.append(item);
  busy(true);
  item.scrollIntoView({ block: "nearest" });
  setTimeout(showUnsent, 4000, id);
}

// The one live region says once that something waits; the message itself says it to the eye.
function showUnsent(only) {
  const waiting = unsent.filter(({ id }) => !only || id === only);
  for (const { id } of waiting) document.querySelector(`#own-${id} .state`)?.replaceWith(copy("not-saved"));
  if (!waiting.length || document.getElementById("waits")) return;
  const notice = copy("kept");
  notice.id = "waits";
  list.append(notice);
}

function forget(stored, stays = false) {
  unsent = unsent.filter(({ id }) => id !== stored);
  keep();
  const own = document.getElementById(`own-${stored}`);
  stays ? own?.removeAttribute("id") : own?.remove();
  if (unsent.length) return;
  document.getElementById("waits")?.remove();
  busy(false);
}

function markSaved() {
  document.querySelectorAll(".me .state").forEach((old) => old.replaceChildren());
  [...document.querySelectorAll(".me")].at(-1)?.querySelector(".state")?.replaceWith(copy("saved"));
}

function busy(yes) {
  current().setAttribute("aria-busy", yes);
  current().querySelectorAll("textarea, input").forEach((field) => (field.readOnly = yes));
}

// Small things

addEventListener("change", ({ target }) => {
  if (target.name !== "choice" || !target.checked) return;
  const alone = "alone" in target.dataset;
  const others = [...target.form.elements.choice].filter((box) => box !== target);
  others.filter((box) => alone || "alone" in box.dataset).forEach((box) => (box.checked = false));
});

addEventListener("click", ({ target }) => {
  document.querySelectorAll(".menu[open]").forEach((menu) => menu.contains(target) || menu.removeAttribute("open"));
});

addEventListener("keydown", ({ key }) => {
  const menu = key === "Escape" && document.querySelector(".menu[open]");
  if (!menu) return;
  menu.removeAttribute("open");
  menu.firstElementChild.focus();
});

addEventListener("online", () => socket || connect());
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") isOpen() ? socket.send("look") : socket || connect();
});

unsent.forEach(showSending);
const now = document.getElementById("now");
if (now?.getBoundingClientRect().top > innerHeight / 2) now.scrollIntoView({ block: "start", behavior: "instant" });
connect();
fetch(document.querySelector(".help").href); // kept by the browser, so that help opens without a connection too
