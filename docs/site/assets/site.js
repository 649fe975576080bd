// Regions that scroll can be reached with the keyboard.
document$.subscribe(() => {
  for (const region of document.querySelectorAll(".md-typeset pre > code, .md-typeset__scrollwrap")) region.tabIndex = 0;
});
