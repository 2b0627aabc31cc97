//! Automations behind a web hook that were deleted a moment ago: who answers discovery may not know it yet, and is not taken
//! for a new one.

use crate::cx::Cx;
use crate::halt::Outcome;
use crate::limits::HOOK_GONE_MS;
use switchboard_storage::meta;

/// Under which name they are kept: a line for each, when it was deleted and its name.
const MARK: &str = "hooks_deleted";

/// Remembers that this one is deleted now, and forgets those that nobody can have missed.
pub(super) async fn remember(cx: &mut Cx, name: &str) -> Outcome<()> {
    let mut lines: Vec<String> =
        recently(cx).await?.into_iter().map(|(at, name)| format!("{at} {name}")).collect();
    lines.push(format!("{} {name}", cx.now));
    Ok(meta::set(&mut cx.tx, MARK, &lines.join("\n")).await?)
}

/// Whether this one was deleted a moment ago.
pub(crate) async fn is_gone(cx: &mut Cx, name: &str) -> Outcome<bool> {
    Ok(recently(cx).await?.iter().any(|(_, gone)| gone == name))
}

async fn recently(cx: &mut Cx) -> Outcome<Vec<(i64, String)>> {
    let kept = meta::get(&mut cx.tx, MARK).await?.unwrap_or_default();
    let read = |line: &str| {
        let (at, name) = line.split_once(' ')?;
        Some((at.parse().ok()?, name.to_owned()))
    };
    let since = cx.now - HOOK_GONE_MS;
    Ok(kept.lines().filter_map(read).filter(|(at, _)| *at > since).collect())
}
