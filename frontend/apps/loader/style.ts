const DARK = "--brand:#8e8bfa;--hover:#a5a3fc;--on:#12121f;--badge:#ff9088;--ground:#16191f;--ink:#a8b0be";

/**
 * The launcher and the frame's place. The page's own rules stop at the shadow root, but those on the host element
 * itself do not: `all: initial !important` keeps a page's `div { transform }` from moving everything.
 */
const CSS = `
:host{all:initial!important}
[hidden]{display:none!important}
.box,.pane{--brand:#4f46e5;--hover:#4338ca;--on:#fff;--badge:#b42318;--ground:#fff;--ink:#525a68}
.dark,.dark~.pane{${DARK}}
@media(prefers-color-scheme:dark){.auto,.auto~.pane{${DARK}}}
.box{position:fixed;z-index:2147483000;inset-block-end:20px;inset-inline-end:20px;
 font:500 14px/1 system-ui,sans-serif}
.start{inset-inline:20px auto}
button{all:unset;box-sizing:border-box;display:grid;place-items:center;position:relative;
 inline-size:56px;block-size:56px;border-radius:50%;background:var(--brand);color:var(--on);cursor:pointer;
 box-shadow:0 4px 16px rgb(0 0 0/.24);transition:background-color 120ms ease-out}
button:hover{background:var(--hover)}
button:focus-visible{outline:2px solid var(--brand);outline-offset:3px}
.badge{position:absolute;inset-block-start:-4px;inset-inline-end:-4px;min-inline-size:22px;block-size:22px;
 box-sizing:border-box;padding-inline:5px;display:grid;place-items:center;border-radius:11px;
 background:var(--badge);color:var(--on);font-size:12px}
.pane{position:fixed;z-index:2147483001;inset-block-end:92px;inset-inline-end:20px;overflow:hidden;
 inline-size:min(400px,calc(100vw - 40px));block-size:min(680px,calc(100dvh - 112px));border-radius:14px;
 background:var(--ground);box-shadow:0 8px 40px rgb(0 0 0/.28)}
.start~.pane{inset-inline:20px auto}
.pane button{position:absolute;inset-block-start:calc(8px + env(safe-area-inset-top));inset-inline-end:8px;
 inline-size:44px;block-size:44px;background:var(--ground);color:var(--ink);box-shadow:none}
.alone~.pane{inset-block-end:20px;block-size:min(680px,calc(100dvh - 40px))}
iframe{display:block;border:0;inline-size:100%;block-size:100%;color-scheme:normal}
@media(max-width:480px){.pane.pane{inset:0;inline-size:100%;block-size:100dvh;border-radius:0}}
@media(forced-colors:active){button,.pane{border:2px solid ButtonText}}
@media(prefers-reduced-motion:reduce){button{transition:none}}
`;

export function styleSheet(): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  return sheet;
}
