// What can stand at a place of a script: its keys, what they can be, and the names that were given above.

const NAME = /[a-z0-9_]*$/;
const WORDS = /[a-z][a-z ]*$/;
const FROM_STEPS = new Set(["when", "when any", "offer", "for each", "groups of"]);

export function completing(grammar) {
  return (context) => {
    const line = context.state.doc.lineAt(context.pos);
    const before = line.text.slice(0, context.pos - line.from);
    if (/^\s*#/.test(before)) return null;
    const hole = /\{([a-z_]*)$/.exec(before);
    const lines = context.state.doc.sliceString(0, line.from).split("\n");
    if (hole) return listed(context.pos - hole[1].length, [...grammar.placeholders, ...steps(lines)], "variable");
    const drawn = belowPicture(before, lines);
    if (drawn !== null) return listed(context.pos - drawn.length, grammar.drawings, "enum");
    const value = /^(\s*)(?:- )?([a-z][a-z ]*):\s+(.*)$/.exec(before) ?? inList(before, lines);
    if (value) return values(context, grammar, value[2], value[3], lines);
    const key = /^(\s*)([a-z ]*)$/.exec(before);
    if (!key || (!key[2] && !context.explicit)) return null;
    return listed(context.pos - key[2].length, keys(grammar, key[1].length, lines), "property", ": ");
  };
}

// A line of a list belongs to the key above it that is indented less.
function inList(before, lines) {
  const item = /^(\s*)- (.*)$/.exec(before);
  if (!item) return null;
  for (let at = lines.length - 1; at >= 0; at--) {
    const found = /^(\s*)([a-z][a-z ]*):\s*$/.exec(lines[at]);
    if (found && found[1].length <= item[1].length) return [before, item[1], found[2], item[2]];
  }
  return null;
}

// Below "picture:" each line has an option, and what is drawn beside it.
function belowPicture(before, lines) {
  const here = /^(\s+)[a-z0-9_]+:\s+([a-z0-9_]*)$/.exec(before);
  for (let at = lines.length - 1; here && at >= 0; at--) {
    const found = /^(\s*)([a-z][a-z ]*):(.*)$/.exec(lines[at]);
    if (found && found[1].length < here[1].length) return found[2] === "picture" && !found[3].trim() ? here[2] : null;
  }
  return null;
}

function values(context, grammar, key, typed, lines) {
  const listHere = /(?:^\[|,\s*)([a-z0-9_]*)$/.exec(typed);
  if (FROM_STEPS.has(key)) {
    const name = NAME.exec(typed)[0];
    if (typed.includes(" ") && (key === "when" || key === "when any")) {
      const test = /^([a-z0-9_]+) ([a-z ]*)$/.exec(typed);
      return test ? listed(context.pos - test[2].length, grammar.tests, "keyword", " ") : null;
    }
    return listed(context.pos - name.length, steps(lines), "variable");
  }
  const known = grammar.values[key];
  if (!known) return null;
  const start = listHere ? listHere[1] : (key === "tags" ? /[a-z0-9_.:-]*$/ : WORDS).exec(typed)?.[0] ?? "";
  return listed(context.pos - start.length, known, "enum");
}

function keys(grammar, indent, lines) {
  if (!lines.some((line) => /^steps:/.test(line)) && indent === 0) return grammar.top;
  if (indent === 0) return grammar.top;
  const kind = [];
  for (let at = lines.length - 1; at >= 0; at--) {
    const found = /^(\s*)([a-z][a-z0-9_ ]*):/.exec(lines[at]);
    if (!found) continue;
    if (found[1].length < indent) break;
    if (found[1].length === indent) kind.push(found[2].trim());
  }
  const step = Object.keys(grammar.steps).find((each) => kind.includes(each));
  const free = step ? grammar.steps[step] : grammar.every_step;
  return free.filter((each) => !kind.includes(each));
}

// The names of the steps above: what stands two spaces in, below "steps".
function steps(lines) {
  const start = lines.findIndex((line) => /^steps:/.test(line));
  if (start < 0) return [];
  return lines.slice(start).flatMap((line) => /^ {2}([a-z][a-z0-9_]*):/.exec(line)?.[1] ?? []).reverse();
}

function listed(from, labels, type, after = "") {
  const options = [...new Set(labels)].map((label) => ({ label, type, apply: label + after }));
  return options.length ? { from, options, validFor: /^[a-z0-9_ .:-]*$/ } : null;
}
