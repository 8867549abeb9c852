// The script editor: the text with its marks, the cards of its questions and the draft as a chat are views of one text.
// The page works without any of this; saving is its plain form.

import { ask } from "./asking.js";
import { Cards } from "./cards.js";
import { Checking } from "./checking.js";
import { completing } from "./completing.js";
import { Preview } from "./preview.js";
import { ScriptText } from "./text.js";

const SIGN_OF_LIFE = 30_000;
const PAUSE_OF_PREVIEW = 900;

const editor = document.getElementById("editor");
const area = document.getElementById("text");
const tools = document.getElementById("editor-tools");

if (editor && area && tools) begin();

function begin() {
  const words = tools.dataset;
  const address = `/scripts/${editor.dataset.dialogue}`;
  const said = document.getElementById("editor-state");
  const saved = area.value.replaceAll("\r\n", "\n");
  let isLeaving = false;
  let previewing = 0;

  const text = new ScriptText(area, {
    label: words.label,
    complete: completing(JSON.parse(words.grammar)),
    phrases: JSON.parse(words.phrases),
    onChange: changed,
    onMove: (line) => cards?.mark(line),
  });
  const checking = new Checking(text, address, told);
  const place = document.getElementById("cards");
  const labels = { inText: words.inText, away: words.away };
  const cards = place && new Cards(place, { edit: changing, show: toText, labels });
  const fixes = document.getElementById("problems-part");
  if (fixes) new Cards(fixes, { edit: changing, show: toText, labels });
  const chat = document.querySelector("#preview-pane .previewed");
  const preview = chat && new Preview(chat, () => text.value);

  tools.hidden = false;
  panes();
  undoing();
  checking.check();

  // The text changed, by hand or through a card.
  function changed() {
    checking.soon();
    undone();
    said.textContent = text.value === saved ? "" : words.unsaved;
    if (!document.getElementById("preview-pane")?.hidden) {
      clearTimeout(previewing);
      previewing = setTimeout(() => preview.again(), PAUSE_OF_PREVIEW);
    }
  }

  // A change through a card. Only what takes something away can break what others refer to.
  function changing(edit) {
    const takes = /^(remove|rename)_/.test(edit.do);
    return checking.edit(edit, (answer) => (takes ? agrees(answer) : true));
  }

  // What the check found: the page's own words for it, in their places.
  function told(found, trouble) {
    if (!found) {
      said.textContent = trouble ?? words.away;
      return;
    }
    for (const [id, html] of Object.entries({ "problems-part": found.html?.problems, facts: found.html?.facts })) {
      const there = document.getElementById(id);
      if (there && html !== undefined && there.innerHTML !== html) there.innerHTML = html;
    }
    if (found.html?.cards !== undefined) cards?.take(found.html.cards);
    cards?.mark(text.line);
    const wrong = found.problems.filter((problem) => !problem.advice).length;
    const heading = fixes?.querySelector("h2")?.textContent ?? "";
    const verdict = wrong ? link("#problems-part", `${heading}: ${wrong}`) : words.fine;
    said.replaceChildren(verdict, text.value === saved ? "" : ` · ${words.unsaved}`);
  }

  function toText(line, column) {
    shown("text-pane", true);
    text.show(line, column);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-line]");
    if (!link) return;
    event.preventDefault();
    toText(Number(link.dataset.line), Number(link.dataset.column ?? 1));
  });

  // What a change would break is said before it is made.
  async function agrees(answer) {
    const dialog = document.getElementById("editor-sure");
    const back = document.activeElement;
    const breaks = dialog.querySelector("[data-breaks]");
    if (answer.html) breaks.innerHTML = answer.html;
    else breaks.replaceChildren(...[answer.answers, ...answer.breaks.map((one) => `${one.message} ${one.hint}`)].filter(Boolean).map(paragraph));
    dialog.returnValue = "no";
    dialog.showModal();
    await new Promise((closed) => dialog.addEventListener("close", closed, { once: true }));
    back?.focus?.();
    return dialog.returnValue === "yes";
  }

  // Panes -------------------------------------------------------------------------------------------------------------

  function panes() {
    const isNarrow = !matchMedia("(min-width: 60rem)").matches;
    for (const button of tools.querySelectorAll("[data-pane]")) {
      button.addEventListener("click", () => shown(button.dataset.pane, button.getAttribute("aria-pressed") !== "true"));
    }
    shown("preview-pane", false);
    if (isNarrow) shown("text-pane", false);
    else shown("text-pane", true);
  }

  function shown(id, is) {
    const pane = document.getElementById(id);
    if (!pane) return;
    pane.hidden = !is;
    tools.querySelector(`[data-pane="${id}"]`)?.setAttribute("aria-pressed", String(is));
    editor.dataset.panes = String([...editor.querySelectorAll(".pane")].filter((each) => !each.hidden).length);
    if (id === "preview-pane" && is) preview?.again();
    if (id === "text-pane" && is) text.view.requestMeasure();
  }

  // History -----------------------------------------------------------------------------------------------------------

  function undoing() {
    tools.querySelector("[data-undo]").addEventListener("click", () => text.undo());
    tools.querySelector("[data-redo]").addEventListener("click", () => text.redo());
    undone();
  }

  function undone() {
    tools.querySelector("[data-undo]").disabled = !text.canUndo;
    tools.querySelector("[data-redo]").disabled = !text.canRedo;
  }

  // Saving, and who else is here --------------------------------------------------------------------------------------

  area.form?.addEventListener("submit", () => { isLeaving = true; });
  addEventListener("beforeunload", (event) => {
    if (!isLeaving && text.value !== saved) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "s" && (event.ctrlKey || event.metaKey) && !event.altKey) {
      event.preventDefault();
      area.form?.requestSubmit();
    }
  });

  async function here() {
    const { others = [] } = await ask(`${address}/here`, {}).catch(() => ({}));
    const told = others.length ? words.others.replace("{names}", others.join(", ")) : "";
    const place = document.getElementById("others") ?? document.getElementById("editor-others");
    if (place.textContent !== told) place.textContent = told;
    place.hidden = !told;
  }
  here();
  setInterval(here, SIGN_OF_LIFE);
}

function link(address, words) {
  const made = document.createElement("a");
  made.href = address;
  made.textContent = words;
  return made;
}

function paragraph(sentence) {
  const made = document.createElement("p");
  made.textContent = sentence;
  return made;
}
