// The text of a script in CodeMirror, in place of its text field. It lives in a shadow root: its styles are made by script
// there, so the page needs no exception from its content policy.

import { autocompletion, closeBrackets, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, redo, redoDepth, undo, undoDepth } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const colours = HighlightStyle.define([
  { tag: tags.definition(tags.propertyName), color: "var(--calm)", fontWeight: "600" },
  { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--ink)" },
  { tag: [tags.separator, tags.punctuation, tags.squareBracket, tags.brace], color: "var(--soft)" },
]);

const looks = EditorView.theme({
  "&": { backgroundColor: "var(--sheet)", color: "var(--ink)", fontSize: "1rem", blockSize: "100%" },
  "&.cm-focused": { outline: "3px solid var(--calm)", outlineOffset: "2px" },
  ".cm-scroller": { fontFamily: 'ui-monospace, "Cascadia Mono", "Noto Sans Mono", monospace', lineHeight: "1.6" },
  ".cm-content": { caretColor: "var(--ink)", paddingBlock: "0.75rem" },
  ".cm-line": { unicodeBidi: "plaintext" },
  ".cm-cursor": { borderInlineStartColor: "var(--ink)", borderInlineStartWidth: "2px" },
  ".cm-gutters": { backgroundColor: "var(--wash)", color: "var(--soft)", border: "0" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--wash)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--calm) 28%, transparent) !important",
  },
  ".cm-selectionMatch": { backgroundColor: "color-mix(in srgb, var(--calm) 16%, transparent)" },
  ".cm-tooltip, .cm-panels": { backgroundColor: "var(--sheet)", color: "var(--ink)", borderColor: "var(--soft)" },
  ".cm-tooltip": { maxInlineSize: "26rem", borderRadius: "0.5rem", font: "1rem/1.5 system-ui, sans-serif" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--calm)", color: "var(--on-calm)" },
  ".cm-tooltip-autocomplete ul li": { paddingBlock: "0.25rem" },
  ".cm-completionDetail": { color: "inherit", fontStyle: "normal" },
  // CodeMirror draws these as pictures in the address itself, which the content policy of our pages does not load.
  ".cm-lintRange-error, .cm-lintRange-info, .cm-lintRange-active": { backgroundImage: "none" },
  ".cm-lintRange-error": { textDecoration: "underline wavy 2px var(--wrong)", textUnderlineOffset: "0.25em" },
  ".cm-lintRange-info": { textDecoration: "underline dotted 2px var(--soft)", textUnderlineOffset: "0.25em" },
  ".cm-lint-marker-error, .cm-lint-marker-info": { content: "normal", textAlign: "center", fontWeight: "700", lineHeight: "1.4" },
  ".cm-lint-marker-error::before": { content: "'!'", color: "var(--wrong)" },
  ".cm-lint-marker-info::before": { content: "'i'", color: "var(--soft)" },
  ".cm-diagnostic-error": { borderInlineStartColor: "var(--wrong)" },
  ".cm-diagnostic": { padding: "0.5rem 0.75rem", whiteSpace: "pre-wrap" },
  ".cm-diagnosticAction": { backgroundColor: "var(--calm)", color: "var(--on-calm)", minBlockSize: "2rem", borderRadius: "0.4rem", cursor: "pointer" },
  ".cm-button, .cm-textfield": { backgroundImage: "none", backgroundColor: "var(--paper)", color: "var(--ink)", borderColor: "var(--soft)", font: "inherit" },
});

export class ScriptText {
  // `area` keeps the text for the form around it; `onChange` is called after every change, `onMove` with the line
  // of the cursor.
  constructor(area, { label, complete, onChange, onMove, phrases }) {
    this.area = area;
    this.host = document.createElement("div");
    this.host.className = "code";
    this.host.dir = "ltr";
    const root = this.host.attachShadow({ mode: "open" });
    area.before(this.host);
    area.hidden = true;
    const extensions = [
      lineNumbers(), history(), drawSelection(), highlightActiveLine(), highlightSelectionMatches(), lintGutter(),
      closeBrackets(), yaml(), syntaxHighlighting(colours), looks, indentUnit.of("  "), EditorState.tabSize.of(2),
      EditorState.phrases.of(phrases), EditorView.lineWrapping, EditorView.perLineTextDirection.of(true),
      EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false", tabindex: "0" }),
      autocompletion({ override: [complete], icons: false }),
      keymap.of([...completionKeymap, ...lintKeymap, ...searchKeymap, ...historyKeymap, ...defaultKeymap]),
      EditorView.updateListener.of((update) => {
        if (update.selectionSet) onMove(this.line);
        if (!update.docChanged) return;
        area.value = update.state.doc.toString();
        onChange();
      }),
    ];
    const doc = area.value.replaceAll("\r\n", "\n");
    this.view = new EditorView({ state: EditorState.create({ doc, extensions }), parent: root, root });
  }

  get value() {
    return this.view.state.doc.toString();
  }

  // Takes a new text over as one step of the history: only what differs is changed, so the cursor stays.
  take(text) {
    const change = difference(this.value, text);
    if (change) this.view.dispatch({ changes: change, userEvent: "input.card" });
  }

  undo() { undo(this.view); }
  redo() { redo(this.view); }
  get canUndo() { return undoDepth(this.view.state) > 0; }
  get canRedo() { return redoDepth(this.view.state) > 0; }

  // The line of the cursor.
  get line() {
    return this.view.state.doc.lineAt(this.view.state.selection.main.head).number;
  }

  place(line, column = 1) {
    const found = this.view.state.doc.line(Math.min(Math.max(line, 1), this.view.state.doc.lines));
    return Math.min(found.from + Math.max(column, 1) - 1, found.to);
  }

  show(line, column = 1) {
    const at = this.place(line, column);
    this.view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
    this.host.scrollIntoView({ block: "nearest" });
    this.view.focus();
  }
}

export function difference(before, after) {
  if (before === after) return null;
  const shorter = Math.min(before.length, after.length);
  let from = 0;
  while (from < shorter && before[from] === after[from]) from++;
  let end = 0;
  while (end < shorter - from && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return { from, to: before.length - end, insert: after.slice(from, after.length - end) };
}
