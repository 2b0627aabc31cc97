//! Articles, and finding the one that answers a question.

use super::call;
use crate::view;
use serde::{Deserialize, Serialize};

/// Articles by title, without their texts.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListArticles {
    /// Only those that have this in title, slug or keywords.
    pub q: Option<String>,
    /// At most so many.
    pub limit: Option<i64>,
    /// Where the page begins.
    pub cursor: Option<String>,
}

/// One with its text.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetArticle {
    /// Which.
    pub id: String,
}

/// Makes one; nobody sees it before it is published.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddArticle {
    /// Its title.
    pub title: String,
    /// Its place below `/help/`; made of the title when absent.
    pub slug: Option<String>,
    /// What it says, in Markdown.
    pub body: String,
    /// Its language.
    pub language: String,
    /// Other words for it.
    pub keywords: Vec<String>,
    /// Whether visitors see it at once.
    pub published: bool,
}

/// Changes one; absent fields stay.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PatchArticle {
    /// Which.
    pub id: String,
    /// The version that the change is of: refused as stale when somebody has changed it since.
    pub version: i64,
    /// Its title.
    pub title: Option<String>,
    /// Its place below `/help/`.
    pub slug: Option<String>,
    /// What it says, in Markdown.
    pub body: Option<String>,
    /// Its language.
    pub language: Option<String>,
    /// Other words for it.
    pub keywords: Option<Vec<String>>,
    /// Whether visitors see it.
    pub published: Option<bool>,
}

/// Deletes one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeleteArticle {
    /// Which.
    pub id: String,
}

/// The published articles that fit a question, best first. What is found is public, so any component may ask; admins
/// try out with it what visitors would be told.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SearchArticles {
    /// The question, in anybody's words.
    pub query: String,
    /// The asker's language, which comes first where two fit alike.
    pub locale: Option<String>,
    /// At most so many; 1 to 20.
    pub limit: i64,
}

/// A published article, for everybody.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetHelp {
    /// Its place below `/help/`.
    pub slug: String,
}

/// The titles of all published articles, for everybody.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListHelp {}

/// Counts whether an article has helped: once for each conversation, the last word counts.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RateArticle {
    /// Its place below `/help/`.
    pub slug: String,
    /// In which conversation.
    pub conversation: String,
    /// Whether it has helped.
    pub helpful: bool,
}

/// An article by itself.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OneArticle {
    /// The article.
    pub article: view::Article,
}

call! {
    ListArticles => "qry.articles", ADMIN, view::Page<view::Article>;
    GetArticle => "qry.article", ADMIN, OneArticle;
    AddArticle => "cmd.add_article", ADMIN, OneArticle;
    PatchArticle => "cmd.patch_article", ADMIN, OneArticle;
    DeleteArticle => "cmd.delete_article", ADMIN, ();
    SearchArticles => "qry.search_articles", LIBRARY, view::ArticlesFound;
    GetHelp => "qry.help", COMPONENT, view::HelpArticle;
    ListHelp => "qry.helps", COMPONENT, view::HelpIndex;
    RateArticle => "cmd.rate_article", COMPONENT, ();
}
