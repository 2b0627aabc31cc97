//! Articles: answers that admins write down once, for visitors and for automations.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An article, as those who keep it see it. In a list `body` is empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Article {
    /// The id.
    pub id: String,
    /// Its place below `/help/`: 1 to 80 of `[a-z0-9-]`.
    pub slug: String,
    /// The title, usually a question.
    pub title: String,
    /// What it says, in Markdown.
    pub body: String,
    /// Its language, such as `en` or `de-AT`.
    pub language: String,
    /// Other words for it, by which it is found.
    pub keywords: Vec<String>,
    /// Whether visitors see it.
    pub published: bool,
    /// Rises with every change; a change says which one it is of.
    pub version: i64,
    /// How many conversations it has helped.
    pub helpful: i64,
    /// How many it has not.
    pub unhelpful: i64,
    /// Who changed it last.
    pub updated_by: String,
    /// When it was made.
    pub created_at: String,
    /// When it was last changed.
    pub updated_at: String,
}

/// A published article, as everybody sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HelpArticle {
    /// Its place below `/help/`.
    pub slug: String,
    /// The title.
    pub title: String,
    /// What it says, in Markdown.
    pub body: String,
    /// Its language.
    pub language: String,
    /// Rises with every change.
    pub version: i64,
    /// When it was last changed.
    pub updated_at: String,
}

/// The title of a published article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HelpTitle {
    /// Its place below `/help/`.
    pub slug: String,
    /// The title.
    pub title: String,
    /// Its language.
    pub language: String,
}

/// The titles of what is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HelpIndex {
    /// By title.
    pub articles: Vec<HelpTitle>,
    /// Changes whenever anything that is published does.
    pub revision: String,
}

/// What was found for a question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ArticlesFound {
    /// Best first.
    pub hits: Vec<ArticleHit>,
    /// Whether the first one is so good that it may be given as the answer.
    pub sure: bool,
    /// Whether the question has a word by which something could be found; `hi` has none.
    pub asks: bool,
    /// Changes whenever anything that is published does.
    pub revision: String,
}

/// A published article that fits a question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ArticleHit {
    /// Its place below `/help/`.
    pub slug: String,
    /// The title.
    pub title: String,
    /// Its language.
    pub language: String,
    /// The passage that fits best, as plain text of at most 600 characters.
    pub excerpt: String,
    /// The beginning of the article in Markdown, at most 4,000 characters: what an answer may be built on.
    pub text: String,
    /// For putting hits in order; compares only within one answer.
    pub score: f64,
    /// How well it covers the question, from 0 to 1.
    pub confidence: f64,
}
