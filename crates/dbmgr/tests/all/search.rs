//! Searching what was written: what is found, by whom, and what is found no more.

use switchboard_wire::Problem;
use switchboard_wire::call::account::PatchAccount;
use switchboard_wire::call::conversation::Transfer;
use switchboard_wire::call::conversation::{Claim, TransferTo};
use switchboard_wire::call::guest::EraseVisitor;
use switchboard_wire::call::router::{GetUnindexed, IndexLines, Unindexed};
use switchboard_wire::call::search::Search;
use switchboard_wire::call::team::AddTeam;
use switchboard_wire::call::visitor::StartWith;
use switchboard_wire::view::{Found, Page};

use switchboard_domain::Role;

use crate::on_both;
use crate::people::{Person, note};
use crate::world::{World, problem};

on_both!(
    what_was_written_is_found_newest_first,
    pages_join_without_a_gap_or_a_repeat,
    only_what_an_agent_may_see_is_found,
    what_is_erased_leaves_nothing_in_the_index,
    odd_questions_are_text_or_refused,
    what_was_not_told_is_indexed_all_the_same,
);

/// What the router does: looks for what is not indexed, and has it indexed.
async fn index(world: &World) -> usize {
    let (mut after, mut calls) = (None, 0);
    loop {
        let Unindexed { mut conversations, next } = world.house(GetUnindexed { after, limit: 2 }).await;
        while !conversations.is_empty() {
            conversations = world.house(IndexLines { conversations }).await.left;
            calls += 1;
        }
        if next.is_none() {
            return calls;
        }
        after = next;
    }
}

async fn page(world: &World, by: &Person, q: &str, limit: i64, cursor: Option<String>) -> Page<Found> {
    world.call(&by.by, Search { q: q.into(), limit: Some(limit), cursor }).await.unwrap()
}

/// What is found, as conversation and seq.
async fn find(world: &World, by: &Person, q: &str) -> Vec<(String, i64)> {
    let page = page(world, by, q, 100, None).await;
    assert_eq!(page.next, None);
    lines(&page)
}

fn lines(page: &Page<Found>) -> Vec<(String, i64)> {
    let one = |found: &Found| -> Vec<_> {
        found.hits.iter().map(|hit| (found.conversation.id.clone(), hit.seq)).collect()
    };
    page.items.iter().flat_map(one).collect()
}

async fn what_was_written_is_found_newest_first(world: World) {
    let (_, maya) = world.agent("maya").await;
    let visitor = world.visitor().await;
    let first = world.begin(&visitor, StartWith::People).await.id;
    let second = world.begin(&visitor, StartWith::People).await.id;
    let old = world.say(&visitor, &first, "My REFUND for order A-1234 is late").await.unwrap().seq;
    let new = world
        .say(&visitor, &second, "Erstattung: Café crème, refund \"now\" <b>please</b>")
        .await
        .unwrap()
        .seq;
    let fence =
        world.call(&maya.by, switchboard_wire::call::conversation::GetConversation { id: first.clone() });
    let fence = fence.await.unwrap().fence;
    world.call(&maya.by, Claim { id: first.clone(), fence }).await.unwrap();
    let noted = world.append(vec![note(&maya, &first, "refund is approved")]).await.remove(0).unwrap().seq;
    assert_eq!(find(&world, &maya, "refund").await, [], "not indexed yet");
    index(&world).await;
    let (a, b, c) = ((first.clone(), old), (second, new), (first, noted));
    let found = find(&world, &maya, "refund").await;
    assert_eq!(found.len(), 3, "{found:?}");
    assert!([&a, &b, &c].iter().all(|line| found.contains(line)), "{found:?}");
    assert_eq!(find(&world, &maya, "refund order").await, std::slice::from_ref(&a));
    assert_eq!(find(&world, &maya, "a-1234").await, std::slice::from_ref(&a));
    assert_eq!(find(&world, &maya, "cafe CREME").await, std::slice::from_ref(&b));
    assert_eq!(find(&world, &maya, "\"refund now\"").await, std::slice::from_ref(&b));
    assert_eq!(find(&world, &maya, "\"now refund\"").await, []);
    assert_eq!(find(&world, &maya, "erstat").await, std::slice::from_ref(&b), "the last word may go on");
    assert_eq!(find(&world, &maya, "erstat refund").await, []);
    assert_eq!(find(&world, &maya, "erstat* refund").await, std::slice::from_ref(&b));
    assert_eq!(find(&world, &maya, "approv").await, std::slice::from_ref(&c), "notes as well");
    assert_eq!(find(&world, &maya, "nothing").await, []);
    let shown = page(&world, &maya, "please", 10, None).await.items.remove(0).hits.remove(0);
    let marked: String = shown
        .parts
        .iter()
        .map(|part| if part.found { format!("[{}]", part.text) } else { part.text.clone() })
        .collect();
    assert_eq!(marked, "Erstattung: Café crème, refund \"now\" <b>[please]</b>");
    assert_eq!((shown.kind.as_str(), shown.author.kind.as_str()), ("message", "visitor"));
    // What has been indexed is not indexed again, and what comes later is.
    assert_eq!(index(&world).await, 0);
    let last = world.say(&visitor, &b.0, "one more refund").await.unwrap().seq;
    index(&world).await;
    assert_eq!(find(&world, &maya, "refund").await[0], (b.0.clone(), last));
    assert_eq!(world.count("SELECT COUNT(*) FROM search_lines"), 4);
}

async fn pages_join_without_a_gap_or_a_repeat(world: World) {
    let (_, maya) = world.agent("maya").await;
    let visitor = world.visitor().await;
    let mut all = Vec::new();
    for c in 0..3 {
        let id = world.begin(&visitor, StartWith::People).await.id;
        for n in 0..7 {
            let text = format!("needle {c} {n} {}", if n % 2 == 0 { "even" } else { "odd" });
            all.push((id.clone(), world.say(&visitor, &id, &text).await.unwrap().seq));
        }
    }
    index(&world).await;
    for (q, expected) in [("needle", 21), ("need", 21), ("needle even", 12), ("\"needle 1\"", 7)] {
        for limit in [1, 2, 5, 21, 50] {
            let (mut seen, mut cursor, mut pages) = (Vec::new(), None, 0);
            loop {
                let page = page(&world, &maya, q, limit, cursor).await;
                let found = lines(&page);
                assert!(i64::try_from(found.len()).unwrap() <= limit);
                seen.extend(found);
                cursor = page.next;
                pages += 1;
                assert!(pages < 30, "{q} {limit}");
                if cursor.is_none() {
                    break;
                }
            }
            assert_eq!(seen.len(), expected, "{q} {limit}");
            seen.sort();
            seen.dedup();
            assert_eq!(seen.len(), expected, "{q} {limit}");
            assert!(seen.iter().all(|line| all.contains(line)));
        }
    }
    for bad in ["x", "1 2", "", "9999999999999999999999"] {
        let search = Search { q: "needle".into(), limit: None, cursor: Some(bad.into()) };
        assert_eq!(problem(world.call(&maya.by, search).await), Problem::BadRequest, "{bad}");
    }
}

async fn only_what_an_agent_may_see_is_found(world: World) {
    let (admin, maya) = world.agent("maya").await;
    let noor = world.online_agent(&admin, "noor", None).await;
    let team = world
        .call(&admin.by, AddTeam { name: "Sales".into(), answer_s: None, rules: None })
        .await
        .unwrap()
        .team;
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::People).await;
    world.say(&visitor, &c.id, "a secret needle").await.unwrap();
    index(&world).await;
    assert_eq!(find(&world, &maya, "needle").await.len(), 1, "of no team");
    assert_eq!(find(&world, &noor, "needle").await.len(), 1);
    let claimed = world.call(&maya.by, Claim { id: c.id.clone(), fence: c.fence }).await.unwrap();
    let to = TransferTo::Team(team.id.clone());
    world.call(&maya.by, Transfer { id: c.id.clone(), fence: claimed.fence, to, note: None }).await.unwrap();
    assert_eq!(find(&world, &maya, "needle").await, [], "now it is another team's");
    let join = PatchAccount {
        role: Role::Agent,
        id: noor.id.clone(),
        active: None,
        display_name: None,
        capacity: None,
        teams: Some(vec![team.id]),
        skills: None,
    };
    world.call(&admin.by, join).await.unwrap();
    assert_eq!(find(&world, &noor, "needle").await.len(), 1);
    let search = || Search { q: "needle".into(), limit: None, cursor: None };
    for other in [&visitor, &admin] {
        assert_eq!(problem(world.call(&other.by, search()).await), Problem::Forbidden);
    }
}

async fn what_is_erased_leaves_nothing_in_the_index(world: World) {
    let (admin, maya) = world.agent("maya").await;
    let (ada, bob) = (world.visitor().await, world.visitor().await);
    let hers = world.begin(&ada, StartWith::People).await.id;
    let his = world.begin(&bob, StartWith::People).await.id;
    for n in 0..120 {
        world.say(&ada, &hers, &format!("shared secretword{n} adas")).await.unwrap();
    }
    world.say(&bob, &his, "shared bobs").await.unwrap();
    index(&world).await;
    world.say(&ada, &hers, "lateword, written and not indexed when it is erased").await.unwrap();
    assert_eq!(page(&world, &maya, "shared", 100, None).await.items.len(), 2);
    world.call(&admin.by, EraseVisitor { id: ada.id.clone() }).await.unwrap();
    index(&world).await;
    assert_eq!(find(&world, &maya, "shared").await.len(), 1);
    for gone in ["adas", "secretword7", "lateword", "erased"] {
        assert_eq!(find(&world, &maya, gone).await, [], "{gone}");
    }
    // Not in the tables either.
    let words =
        "SELECT COUNT(*) FROM search_words WHERE word LIKE 'secretword%' OR word IN ('adas', 'lateword')";
    assert_eq!(world.count(words), 0);
    assert_eq!(world.count("SELECT COUNT(*) FROM search_words"), 2);
    assert_eq!(world.count("SELECT COUNT(*) FROM search_lines"), 1);
}

async fn odd_questions_are_text_or_refused(world: World) {
    let (_, maya) = world.agent("maya").await;
    let visitor = world.visitor().await;
    let id = world.begin(&visitor, StartWith::People).await.id;
    world.say(&visitor, &id, "this OR that, 100% sure; it's _here_ \u{10FFFF} 東京です").await.unwrap();
    index(&world).await;
    let long = "x".repeat(10_000);
    for q in ["", "   ", "\"\"", "***", "%", "_ _", "\u{0}", &long, &"a ".repeat(40), "' OR '"] {
        let answer = world.call(&maya.by, Search { q: q.into(), limit: None, cursor: None }).await;
        if q == "' OR '" {
            assert_eq!(lines(&answer.unwrap()).len(), 1);
            continue;
        }
        let failure = answer.unwrap_err();
        assert_eq!((failure.problem, failure.errors.contains_key("q")), (Problem::Invalid, true), "{q:?}");
    }
    for q in [
        "100%",
        "OR that",
        "it's",
        "\"it's _here_\"",
        "東京",
        "sure;",
        "+this -that",
        "(this)",
        "here*",
        "\0this",
    ] {
        let count = find(&world, &maya, q).await.len();
        assert_eq!(count, 1, "{q:?}");
    }
    for q in ["this NOT that", "'; DROP TABLE entries; --", "京東", "that this OR x\""] {
        assert_eq!(find(&world, &maya, q).await, [], "{q:?}");
    }
}

async fn what_was_not_told_is_indexed_all_the_same(world: World) {
    let (_, maya) = world.agent("maya").await;
    let visitor = world.visitor().await;
    let id = world.begin(&visitor, StartWith::People).await.id;
    // More than one transaction indexes.
    for n in 0..150 {
        world.say(&visitor, &id, &format!("needle {n}")).await.unwrap();
    }
    assert!(index(&world).await > 1);
    assert_eq!(page(&world, &maya, "needle", 100, None).await.items[0].hits.len(), 100);
    // What is no conversation is of no matter.
    let none = world.house(IndexLines { conversations: vec!["no id!".into(), "nosuch".into()] }).await;
    assert_eq!((none.entries, none.left.len()), (0, 0));
}
