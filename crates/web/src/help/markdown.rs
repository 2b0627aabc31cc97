//! Markdown as HTML. Raw HTML is shown as text, links lead to pages and mail only, and no picture comes from elsewhere:
//! what an admin writes, or pastes, can neither run nor look at readers.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// How deep lists and quotations may be nested before they are shown as text: browsers give up at some depth.
const DEPTH: usize = 32;

/// The HTML of a Markdown text. Headings begin below the page's own.
pub(super) fn html(markdown: &str) -> String {
    let mut tame = Tame::default();
    let events = Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
    let mut page = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut page, events.filter_map(|event| tame.event(event)));
    page
}

/// Whether a link may lead there: to a page, to a mailbox, or within this installation.
fn is_safe(link: &str) -> bool {
    if link.chars().any(|c| c.is_control() || c.is_whitespace())
        || link.starts_with("//")
        || link.contains('\\')
    {
        return false;
    }
    let scheme =
        link.find([':', '/', '?', '#']).filter(|at| link[*at..].starts_with(':')).map(|at| &link[..at]);
    scheme
        .is_none_or(|scheme| ["http", "https", "mailto"].iter().any(|good| scheme.eq_ignore_ascii_case(good)))
}

/// Whether a picture is of this installation.
fn is_own(link: &str) -> bool {
    is_safe(link) && link.starts_with('/')
}

/// Takes the teeth out of events, one by one.
#[derive(Default)]
struct Tame {
    /// For each link and picture that is open whether it is left out.
    left_out: Vec<bool>,
    /// Containers that are open.
    depth: usize,
}

impl Tame {
    fn event<'a>(&mut self, event: Event<'a>) -> Option<Event<'a>> {
        match event {
            Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
            Event::Start(Tag::HtmlBlock) => Some(Event::Start(Tag::Paragraph)),
            Event::End(TagEnd::HtmlBlock) => Some(Event::End(TagEnd::Paragraph)),
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => self
                .keep(is_safe(&dest_url))
                .then_some(Event::Start(Tag::Link { link_type, dest_url, title, id })),
            Event::Start(Tag::Image { link_type, dest_url, title, id }) => self
                .keep(is_own(&dest_url))
                .then_some(Event::Start(Tag::Image { link_type, dest_url, title, id })),
            Event::End(end @ (TagEnd::Link | TagEnd::Image)) => {
                let left_out = self.left_out.pop().unwrap_or_default();
                (!left_out).then_some(Event::End(end))
            }
            Event::Start(Tag::Heading { level, .. }) => {
                let level = below(level);
                Some(Event::Start(Tag::Heading { level, id: None, classes: vec![], attrs: vec![] }))
            }
            Event::End(TagEnd::Heading(level)) => Some(Event::End(TagEnd::Heading(below(level)))),
            Event::Start(tag) if contains(&tag.to_end()) => {
                self.depth += 1;
                (self.depth <= DEPTH).then_some(Event::Start(tag))
            }
            Event::End(end) if contains(&end) => {
                self.depth = self.depth.saturating_sub(1);
                (self.depth < DEPTH).then_some(Event::End(end))
            }
            Event::InlineMath(text) | Event::DisplayMath(text) => Some(Event::Text(text)),
            Event::FootnoteReference(name) => Some(Event::Text(CowStr::from(format!("[^{name}]")))),
            event => Some(event),
        }
    }

    fn keep(&mut self, good: bool) -> bool {
        self.left_out.push(!good);
        good
    }
}

fn contains(end: &TagEnd) -> bool {
    matches!(
        end,
        TagEnd::BlockQuote(_)
            | TagEnd::List(_)
            | TagEnd::Item
            | TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
    )
}

fn below(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H2,
        HeadingLevel::H2 => HeadingLevel::H3,
        HeadingLevel::H3 => HeadingLevel::H4,
        HeadingLevel::H4 => HeadingLevel::H5,
        HeadingLevel::H5 | HeadingLevel::H6 => HeadingLevel::H6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn markdown_is_rendered() {
        let text = "# Title\n\nSome **bold** [link](https://a.example/b?c=d).\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n";
        let page = html(text);
        for part in [
            "<h2>Title</h2>",
            "<strong>bold</strong>",
            "href=\"https://a.example/b?c=d\"",
            "<li>one</li>",
            "<td>1</td>",
        ] {
            assert!(page.contains(part), "{part} in {page}");
        }
    }

    #[test]
    fn nothing_runs() {
        for bad in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "text <b onclick=\"x()\">b</b>",
            "<svg/onload=alert(1)>\n\n<iframe src=//e></iframe>",
            "[a](javascript:alert(1))",
            "[a](JaVaScRiPt:alert(1))",
            "[a](<java\tscript:alert(1)>)",
            "[a](data:text/html;base64,PHNjcmlwdD4=)",
            "[a](vbscript:x)",
            "[a]( &#106;avascript:alert(1))",
            "[a](//evil.example/x)",
            "[a](/\\evil.example)",
            "![a](https://evil.example/pixel.png)",
            "![a](data:image/svg+xml;base64,PHN2Zz4=)",
            "<javascript:alert(1)>",
            "[a]: javascript:alert(1)\n\n[a]",
            "[a](https://x.example/\"onmouseover=\"alert(1))",
        ] {
            let page = html(bad);
            let lower = page.to_lowercase();
            for wrong in [
                "<script",
                "<img",
                "<svg",
                "<iframe",
                "<b ",
                "href=\"java",
                "href=\"data",
                "href=\"vb",
                "href=\"//",
                "evil.example\"",
                "\"onmouse",
            ] {
                assert!(!lower.contains(wrong), "{bad} gives {page}");
            }
        }
        assert!(html("[a](javascript:alert(1))").contains("<p>a</p>"));
    }

    #[test]
    fn good_links_stay() {
        for good in [
            "https://a.example",
            "http://a.example",
            "mailto:a@b.example",
            "/help/x",
            "other#part",
            "?q=a:b",
            "#top",
        ] {
            assert!(is_safe(good), "{good}");
        }
        assert!(is_own("/assets/a.png") && !is_own("a.png") && !is_own("//a.example/a.png"));
    }

    #[test]
    fn deep_nesting_stays_flat_and_quick() {
        for deep in [
            format!("{}x", "> ".repeat(20_000)),
            format!("{}x", "- ".repeat(20_000)),
            "*a **b ".repeat(6_000),
        ] {
            let page = html(&deep);
            assert!(page.matches("<blockquote").count().max(page.matches("<ul").count()) <= DEPTH);
        }
        let balanced = html(&format!("{}x", "> ".repeat(100)));
        assert_eq!(balanced.matches("<blockquote>").count(), balanced.matches("</blockquote>").count());
    }

    proptest! {
        #[test]
        fn no_text_makes_a_tag_that_is_not_ours(text in "[<>a-z \\n\\[\\]()!*_`:/\"'&;#-]{0,200}") {
            let page = html(&text);
            let tags = page.split('<').skip(1).map(|rest| {
                rest.trim_start_matches('/').split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default().to_owned()
            });
            for tag in tags {
                prop_assert!(
                    ["p", "a", "h2", "h3", "h4", "h5", "h6", "em", "strong", "code", "pre", "ul", "ol", "li", "hr", "br",
                     "blockquote", "table", "thead", "tbody", "tr", "th", "td", "del", "img"].contains(&tag.as_str()),
                    "{tag} in {page}"
                );
            }
        }
    }
}
