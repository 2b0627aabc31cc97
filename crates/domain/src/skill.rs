//! Skills: what an agent is good for, as labels; a language is one too.

use crate::language;
use crate::tag::{BadTag, tag};

/// Most skills of an agent.
pub const SKILLS: usize = 20;

/// Why skills are not acceptable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadSkills {
    /// Too many.
    #[error("an agent has at most {SKILLS} skills")]
    TooMany,
    /// One is no label.
    #[error(transparent)]
    Tag(#[from] BadTag),
}

/// Checks an agent's skills: lower case, sorted, each once.
///
/// # Errors
/// When there are more than 20, or one is no tag.
pub fn skills(texts: &[String]) -> Result<Vec<String>, BadSkills> {
    let mut all: Vec<String> =
        texts.iter().map(|text| tag(&text.to_lowercase())).collect::<Result<_, _>>()?;
    all.sort_unstable();
    all.dedup();
    if all.len() > SKILLS { Err(BadSkills::TooMany) } else { Ok(all) }
}

/// What a conversation asks for: the language of its visitor (the first subtag of the locale, RFC 5646), and its tags.
pub fn needs(locale: Option<&str>, tags: &[String]) -> Vec<String> {
    let language = locale.map(language::primary).filter(|language| (2..=3).contains(&language.len()));
    language.into_iter().chain(tags.iter().map(String::as_str)).map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skills_are_lower_case_and_each_once() {
        let given = ["NL", "billing", " nl "].map(String::from);
        assert_eq!(skills(&given), Ok(vec!["billing".into(), "nl".into()]));
        assert_eq!(skills(&[" ".into()]), Err(BadSkills::Tag(BadTag)));
        let many: Vec<String> = (0..=SKILLS).map(|n| format!("s{n}")).collect();
        assert_eq!(skills(&many), Err(BadSkills::TooMany));
    }

    #[test]
    fn a_conversation_asks_for_its_language_and_its_tags() {
        assert_eq!(needs(Some("nl-NL"), &["Billing".into()]), ["nl", "billing"]);
        assert_eq!(needs(Some("i-klingon"), &[]), [] as [&str; 0]);
        assert_eq!(needs(None, &[]), [] as [&str; 0]);
    }
}
