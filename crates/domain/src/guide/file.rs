//! A guide as a file: JSON that says what it is, read so that what is wrong with it is told by step.

use super::check::{PROBLEMS, Problem};
use super::{FILE_BYTES, Guide, STEPS, Step};
use serde::Serialize;
use serde_json::Value;

/// What a file says it is.
pub const FORMAT: &str = "switchboard-guide-1";

#[derive(Serialize)]
struct File<'a> {
    format: &'static str,
    title: &'a str,
    steps: &'a [Step],
}

/// Writes a guide as a file.
pub fn write(title: &str, guide: &Guide) -> String {
    let file = File { format: FORMAT, title, steps: &guide.steps };
    serde_json::to_string_pretty(&file).unwrap_or_default()
}

/// Reads a file: its title and its guide, which is still to be checked.
///
/// # Errors
/// With what is wrong, by step.
pub fn read(text: &str) -> Result<(String, Guide), Vec<Problem>> {
    let whole = |text: String| vec![Problem { place: None, step: None, field: "file", text }];
    if text.len() > FILE_BYTES {
        return Err(whole(format!("the file is larger than {} KiB", FILE_BYTES / 1024)));
    }
    // serde_json bounds how deep values may lie in each other.
    let value: Value = serde_json::from_str(text).map_err(|bad| whole(format!("this is no JSON: {bad}")))?;
    if value.get("format").and_then(Value::as_str) != Some(FORMAT) {
        return Err(whole(format!("this is no guide: its \"format\" is not {FORMAT:?}")));
    }
    let title = value.get("title").and_then(Value::as_str).unwrap_or_default().to_owned();
    let Some(steps) = value.get("steps").and_then(Value::as_array) else {
        return Err(whole("the file has no \"steps\"".into()));
    };
    steps_of(steps).map(|guide| (title, guide))
}

/// Reads steps, each by itself, so that a problem has a place.
///
/// # Errors
/// As [`read`].
pub fn steps_of(steps: &[Value]) -> Result<Guide, Vec<Problem>> {
    if steps.len() > STEPS {
        let text = format!("a guide has at most {STEPS} steps, this one has {}", steps.len());
        return Err(vec![Problem { place: None, step: None, field: "steps", text }]);
    }
    let mut guide = Guide::default();
    let mut problems = Vec::new();
    for (place, value) in steps.iter().enumerate() {
        match serde_json::from_value::<Step>(value.clone()) {
            Ok(step) => guide.steps.push(step),
            Err(bad) => {
                let step = value.get("id").and_then(Value::as_str).map(|id| id.chars().take(80).collect());
                problems.push(Problem { place: Some(place), step, field: "step", text: bad.to_string() });
            }
        }
    }
    problems.truncate(PROBLEMS);
    if problems.is_empty() { Ok(guide) } else { Err(problems) }
}
