/** The one style sheet and the one script. Every page works without the script. */

export const style = `:root{color-scheme:light dark;--ink:#1b1f24;--paper:#fff;--soft:#57606a;--line:#d0d7de;--lift:#f6f8fa;--link:#0a58ca;--warn:#b42318}
@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--paper:#0f1318;--soft:#9aa7b4;--line:#30363d;--lift:#171c22;--link:#79b8ff;--warn:#ff8a80}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:960px;padding:0 16px 48px;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
nav{display:flex;flex-wrap:wrap;gap:4px 20px;padding:12px 0}
nav a{padding:6px 0}
h1{font-size:1.5rem;margin:16px 0 8px}
h2{font-size:1.15rem;margin:28px 0 8px}
h3{font-size:1rem;margin:0 0 4px}
code{font-family:ui-monospace,monospace;font-size:.92em}
pre{overflow-x:auto}
.box,.search{display:flex;flex-wrap:wrap;gap:8px;align-items:center}
.box{background:var(--lift);border:1px solid var(--line);border-radius:8px;padding:8px}
.box input{flex:1 1 12rem}
.box label{font-family:ui-monospace,monospace}
input,button{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--soft);border-radius:6px;padding:8px 12px;min-height:44px;min-width:0}
button{cursor:pointer;background:var(--lift)}
button:hover{border-color:var(--link)}
.acts{display:flex;flex-wrap:wrap;gap:8px 20px}
.act code{color:var(--soft)}
.stop{margin-top:32px}
.stop button{border-color:var(--warn);color:var(--warn)}
article,.said[role]{border:1px solid var(--line);border-radius:8px;padding:12px;margin:12px 0}
.note,footer{color:var(--soft)}
.code code{font-size:1.4rem;user-select:all}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:8px 12px 8px 0;border-bottom:1px solid var(--line);font-weight:normal}
thead th{color:var(--soft);white-space:nowrap}
tbody th code{color:var(--soft);font-size:.8em}
@media(max-width:40rem){.wide thead{display:none}.wide tr{display:block;padding:8px 0;border-bottom:1px solid var(--line)}.wide th,.wide td{display:block;padding:2px 0;border:0}.wide td:empty{display:none}.wide td[data-label]::before{content:attr(data-label) ": ";color:var(--soft)}}
footer{margin-top:48px;display:flex;flex-wrap:wrap;gap:12px;align-items:center}
`;

/** `/` leads to the command box; times are the reader's; what is live is asked for again, unless somebody is at it. */
export const script = `"use strict";
const box = () => document.getElementById("line");
addEventListener("keydown", (event) => {
  const at = document.activeElement;
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || !box()) return;
  if (at && (at.tagName === "INPUT" || at.isContentEditable)) return;
  event.preventDefault();
  box().focus();
});
const later = setTimeout;
const tell = () => {
  for (const time of document.querySelectorAll("time:not([data-relative])"))
    time.textContent = new Date(time.dateTime).toLocaleString();
};
tell();
const again = async () => {
  const main = document.querySelector("main");
  const refreshes = document.body.hasAttribute("data-refresh");
  if (!refreshes && !main.hasAttribute("data-live")) return;
  if (!document.hidden && !main.contains(document.activeElement) && !main.querySelector("details[open]")) {
    try {
      const answer = await fetch(location.href, { headers: { "x-live": document.body.dataset.page || "-" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (answer.redirected || (page.title !== document.title && !page.querySelector("main[data-live]") && !refreshes))
        return location.reload();
      if (page.title !== document.title && refreshes) return location.reload();
      if (!main.contains(document.activeElement)) {
        main.innerHTML = page.querySelector("main").innerHTML;
        tell();
      }
    } catch {}
  }
  later(again, refreshes ? 2000 : 10000);
};
later(again, document.body.hasAttribute("data-refresh") ? 2000 : 10000);
`;
