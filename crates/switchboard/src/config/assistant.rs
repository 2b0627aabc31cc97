//! `[assistant]`: the language model that answers visitors and helps agents. Without it there is no assistant.

use anyhow::{Context, Result, anyhow, bail, ensure};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::time::Duration;
use switchboard_assistant::{Key, Settings};
use switchboard_outbound::Target;

/// Where the key may stand instead of the file.
pub const KEY_VARIABLE: &str = "SWITCHBOARD_ASSISTANT_KEY";
/// Shortest and longest time for one answer, in milliseconds: within the longest a visitor is with people still soon.
const TIMEOUT_MS: std::ops::RangeInclusive<u64> = 1_000..=18_000;
/// Most tokens of one answer that make sense; the longest message has 8,000 characters.
const MAX_TOKENS: std::ops::RangeInclusive<u32> = 50..=4_000;

/// As it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct AssistantFile {
    base_url: String,
    model: String,
    api_key: Option<String>,
    api_key_file: Option<PathBuf>,
    max_tokens: u32,
    turns: u32,
    tokens: u64,
    requests_per_min: u32,
    tokens_per_hour: u32,
    timeout_ms: u64,
    confidence_floor: f64,
    summary: bool,
}

impl Default for AssistantFile {
    fn default() -> Self {
        Self {
            base_url: String::new(),
            model: String::new(),
            api_key: None,
            api_key_file: None,
            max_tokens: 600,
            turns: 20,
            tokens: 100_000,
            requests_per_min: 120,
            tokens_per_hour: 2_000_000,
            timeout_ms: 15_000,
            confidence_floor: 0.6,
            summary: true,
        }
    }
}

/// The key may be in it.
impl std::fmt::Debug for AssistantFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AssistantFile").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

/// What is in force, but for our own address.
#[derive(Debug, Clone)]
pub struct AssistantConfig {
    target: Target,
    key: KeySource,
    model: String,
    max_tokens: u32,
    turns: u32,
    tokens: u64,
    requests_per_min: u32,
    tokens_per_hour: u32,
    timeout: Duration,
    confidence_floor: f64,
    summary: bool,
}

/// Where the key is. A file is read by who runs the assistant, and need not be readable by the other components.
#[derive(Debug, Clone, PartialEq, Eq)]
enum KeySource {
    Nowhere,
    Here(Key),
    File(PathBuf),
}

impl AssistantFile {
    /// What it means; `variable` is the key of the environment.
    pub(super) fn checked(self, variable: Option<String>) -> Result<AssistantConfig> {
        let target =
            Settings::endpoint(&self.base_url).map_err(|bad| anyhow!("assistant.base_url: {bad}"))?;
        ensure!(!self.model.trim().is_empty(), "assistant.model: name the model, such as \"gpt-4o-mini\"");
        let within = |key: &str, fits: bool, range: &str| {
            ensure!(fits, "assistant.{key}: give {range}");
            Ok(())
        };
        within("max_tokens", MAX_TOKENS.contains(&self.max_tokens), "50 to 4000")?;
        within("turns", (1..=1_000).contains(&self.turns), "1 to 1000")?;
        within("timeout_ms", TIMEOUT_MS.contains(&self.timeout_ms), "1000 to 18000")?;
        within("confidence_floor", (0.0..=1.0).contains(&self.confidence_floor), "0.0 to 1.0")?;
        let known = |place: &str, text: &str| {
            Key::new(text).map(KeySource::Here).map_err(|bad| anyhow!("{place}: {bad}"))
        };
        let key = match (variable.filter(|key| !key.is_empty()), self.api_key, self.api_key_file) {
            (Some(key), _, _) => known(KEY_VARIABLE, &key)?,
            (None, Some(_), Some(_)) => bail!("assistant: give api_key or api_key_file, not both"),
            (None, Some(key), None) => known("assistant.api_key", &key)?,
            (None, None, Some(file)) => KeySource::File(file),
            (None, None, None) => KeySource::Nowhere,
        };
        Ok(AssistantConfig {
            target,
            key,
            model: self.model.trim().to_owned(),
            max_tokens: self.max_tokens,
            turns: self.turns,
            tokens: self.tokens,
            requests_per_min: self.requests_per_min,
            tokens_per_hour: self.tokens_per_hour,
            timeout: Duration::from_millis(self.timeout_ms),
            confidence_floor: self.confidence_floor,
            summary: self.summary,
        })
    }
}

fn read(file: &Path) -> Result<Key> {
    let place = || format!("assistant.api_key_file: {}", file.display());
    let text = std::fs::read_to_string(file).with_context(place)?;
    Key::new(&text).map_err(|bad| anyhow!("{}: {bad}", place()))
}

impl AssistantConfig {
    /// For an installation at `base`; reads the key.
    ///
    /// # Errors
    /// When the file of the key cannot be read, or holds none.
    pub fn settings(&self, base: &str) -> Result<Settings> {
        let own = self.clone();
        let key = match own.key {
            KeySource::Nowhere => None,
            KeySource::Here(key) => Some(key),
            KeySource::File(file) => Some(read(&file)?),
        };
        Ok(Settings {
            target: own.target,
            key,
            model: own.model,
            max_tokens: own.max_tokens,
            turns: own.turns,
            tokens: own.tokens,
            requests_per_min: own.requests_per_min,
            tokens_per_hour: own.tokens_per_hour,
            timeout: own.timeout,
            confidence_floor: own.confidence_floor,
            summary: own.summary,
            base: base.trim_end_matches('/').to_owned(),
        })
    }

    /// Whom it asks, in words.
    pub fn describe(&self) -> String {
        let key = if self.key == KeySource::Nowhere { "without a key" } else { "with a key" };
        format!("asks {} at {}, {key}", self.model, self.target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(more: &str) -> AssistantFile {
        toml::from_str(&format!("base_url = \"https://api.example.org/v1\"\nmodel = \"tiny\"\n{more}"))
            .unwrap()
    }

    fn key(config: &AssistantConfig) -> Option<Key> {
        config.settings("https://x.example/").unwrap().key
    }

    #[test]
    fn the_environment_beats_the_file_and_nothing_shows_the_key() {
        let config = file("api_key = \"sk-file\"").checked(Some("sk-env".into())).unwrap();
        assert_eq!(key(&config), Some(Key::new("sk-env").unwrap()));
        assert!(
            !format!("{config:?} {:?} {}", file("api_key = \"sk-file\""), config.describe()).contains("sk-")
        );
        let path = std::env::temp_dir().join(format!("switchboard-key-{}", std::process::id()));
        std::fs::write(&path, "sk-kept\n").unwrap();
        let kept = file(&format!("api_key_file = {:?}", path.display().to_string())).checked(None).unwrap();
        assert_eq!(key(&kept), Some(Key::new("sk-kept").unwrap()));
        assert_eq!(key(&file("").checked(Some(String::new())).unwrap()), None);
        // Who does not run it need not be able to read it.
        let away = file("api_key_file = \"/nowhere/key\"").checked(None).unwrap();
        assert!(format!("{:#}", away.settings("").unwrap_err()).contains("/nowhere/key"));
    }

    #[test]
    fn what_cannot_be_is_named() {
        for (more, key) in [
            ("max_tokens = 5", "max_tokens"),
            ("timeout_ms = 60000", "timeout_ms"),
            ("confidence_floor = 7.0", "confidence_floor"),
            ("turns = 0", "turns"),
            ("api_key = \"a b\"", "api_key"),
            ("api_key = \"a\"\napi_key_file = \"b\"", "not both"),
        ] {
            let error = format!("{:#}", file(more).checked(None).unwrap_err());
            assert!(error.contains(key), "{more}: {error}");
        }
        let nothing = AssistantFile { base_url: "x".into(), ..AssistantFile::default() };
        assert!(nothing.checked(None).unwrap_err().to_string().contains("assistant.base_url"));
    }
}
