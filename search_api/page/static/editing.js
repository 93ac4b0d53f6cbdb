// Comfort only: words selected in the article fill the form that marks a name.
"use strict";

const printed = document.getElementById("printed");
const words = document.getElementById("words");
const occurrence = document.getElementById("occurrence");

document.addEventListener("selectionchange", () => {
  const selection = getSelection();
  const text = selection.toString().trim();
  if (!text || text.includes("\n") || !printed.contains(selection.anchorNode) || !printed.contains(selection.focusNode)) return;
  const range = selection.getRangeAt(0);
  const before = document.createRange();
  before.setStart(printed, 0);
  before.setEnd(range.endContainer, range.endOffset);
  words.value = text;
  occurrence.value = String(before.toString().split(text).length - 1);
});
