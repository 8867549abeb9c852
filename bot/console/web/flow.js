// The flow picture: Graphviz as WebAssembly draws what the page holds as text.

import { instance } from "@viz-js/viz";

const ROOM = 12;

// Graphviz guesses how wide letters are. Where they are wider here, they are set closer.
function fitted(picture) {
  for (const node of picture.querySelectorAll(".node")) {
    const shape = node.querySelector("polygon, ellipse, path");
    const room = (shape?.getBBox().width ?? 0) - ROOM;
    for (const text of node.querySelectorAll("text")) {
      if (room <= 0 || text.getComputedTextLength() <= room) continue;
      text.setAttribute("textLength", String(room));
      text.setAttribute("lengthAdjust", "spacingAndGlyphs");
    }
  }
}

const place = document.getElementById("flow");
if (place) {
  const viz = await instance();
  const graph = place.dataset.graph.replaceAll("fontname=sans", 'fontname="Helvetica"');
  const picture = viz.renderSVGElement(graph, { graphAttributes: { bgcolor: "transparent" } });
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", place.dataset.label);
  for (const title of picture.querySelectorAll("title")) title.remove(); // They would be read out as names of the parts.
  place.replaceChildren(picture);
  fitted(picture);
  document.getElementById("flow-plain")?.remove();
}
