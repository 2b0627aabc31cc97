//! How well retrieval does on a labelled set: questions as visitors write them, in two languages, over the articles of a
//! shop. The figures stand in `docs/faq.md`; run with `--nocapture` to see what is missed.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on")]

use switchboard_domain::retrieval::{Document, Index};

const ARTICLES: &str = include_str!("retrieval/articles.md");
const QUESTIONS: &str = include_str!("retrieval/questions.txt");

fn documents() -> Vec<Document> {
    let sections = ARTICLES.split("## ").filter(|section| !section.trim().is_empty());
    sections
        .map(|section| {
            let (head, body) = section.split_once('\n').unwrap();
            let parts: Vec<_> = head.split('|').map(str::trim).collect();
            Document {
                slug: parts[0].into(),
                language: parts[1].into(),
                title: parts[2].into(),
                keywords: parts[3].split(',').map(|word| word.trim().to_owned()).collect(),
                body: body.trim().into(),
            }
        })
        .collect()
}

/// Language, slug (none where no article answers) and text.
fn questions() -> Vec<(&'static str, Option<&'static str>, &'static str)> {
    let lines = QUESTIONS.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let parts: Vec<_> = line.splitn(3, '|').map(str::trim).collect();
            (parts[0], Some(parts[1]).filter(|slug| *slug != "-"), parts[2])
        })
        .collect()
}

#[test]
fn most_questions_find_their_article_and_few_others_are_answered() {
    let documents = documents();
    let questions = questions();
    let of = |slug: &str| documents.iter().any(|document| document.slug == slug);
    assert!(questions.iter().filter_map(|question| question.1).all(of), "a question names no article");
    assert!(documents.len() >= 30);
    let index = Index::new(documents);
    let (mut first, mut third, mut answered, mut right, mut asked) = (0, 0, 0, 0, 0);
    let (mut without, mut refused) = (0, 0);
    for (language, slug, text) in questions {
        let answer = index.search(text, Some(language), 3);
        let found: Vec<_> =
            answer.found.iter().map(|found| (found.document.slug.as_str(), found.confidence)).collect();
        let Some(slug) = slug else {
            without += 1;
            refused += usize::from(!answer.sure);
            if answer.sure {
                println!("answered wrongly: {text:?} with {found:?}");
            }
            continue;
        };
        asked += 1;
        let is_first = found.first().is_some_and(|best| best.0 == slug);
        let is_third = found.iter().any(|one| one.0 == slug);
        first += usize::from(is_first);
        third += usize::from(is_third);
        answered += usize::from(answer.sure);
        right += usize::from(answer.sure && is_first);
        if !is_third || (answer.sure && !is_first) {
            println!("missed: {text:?} is {slug}, not {found:?}");
        } else if !answer.sure {
            println!("unsure: {text:?} is {slug}: {found:?}");
        }
    }
    assert!(asked >= 60 && without >= 20, "{asked} {without}");
    println!(
        "{asked} questions: first {first}, among three {third}; sure of {answered}, {right} of them right"
    );
    println!("{without} without an answer: unsure of {refused}");
    let share = |part: usize, of: usize| {
        f64::from(u32::try_from(part).unwrap()) / f64::from(u32::try_from(of).unwrap())
    };
    assert!(share(third, asked) >= 0.9, "recall@3 {third} of {asked}");
    assert!(share(first, asked) >= 0.85, "recall@1 {first} of {asked}");
    assert!(share(answered, asked) >= 0.75, "sure of {answered} of {asked}");
    // What is answered although it should not be is counted as wrong, too.
    let given = answered + without - refused;
    assert!(share(right, given) >= 0.9, "{right} of {given} answers are right");
    assert!(share(refused, without) >= 0.85, "unsure of {refused} of {without}");
}
