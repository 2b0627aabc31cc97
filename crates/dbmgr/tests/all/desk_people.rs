//! Mentions, supervisors, and visitors who are one and the same.

use switchboard_domain::{Role, Status};
use switchboard_wire::call::account::{ListAudit, PatchAccount};
use switchboard_wire::call::ban::{AddBan, ListBans};
use switchboard_wire::call::conversation::{Claim, GetConversation, GetEntries, ListConversations, View};
use switchboard_wire::call::edge::{GetCutOff, GetPreviews};
use switchboard_wire::call::guest::{EraseVisitor, ExportVisitor, MergeHere, MergeVisitors};
use switchboard_wire::call::mention::{ListMentions, ReadMentions};
use switchboard_wire::call::settings::PutSettings;
use switchboard_wire::call::team::AddTeam;
use switchboard_wire::call::visitor::{
    ArriveVisitor, GetVisitorDirectory, ListOwnConversations, StartConversation, StartWith,
};
use switchboard_wire::call::watch::{ListHeld, Watch, Whisper};
use switchboard_wire::view::{Mention, Settings};
use switchboard_wire::{Failure, Problem};

use crate::on_both;
use crate::people::{Person, key, message, note};
use crate::world::{World, problem};

on_both!(
    a_note_calls_colleagues_who_may_see_it,
    mentions_are_read_and_go_with_what_is_erased,
    a_supervisor_reads_along_and_whispers,
    previews_are_shown_only_where_an_admin_wants_it,
    two_visitors_become_one,
    an_agent_merges_only_whom_it_sees,
    a_ban_is_not_lost_by_merging,
);

async fn mentions(world: &World, who: &Person) -> Vec<Mention> {
    world.call(&who.by, ListMentions { limit: None, cursor: None }).await.unwrap().items
}

async fn tell(world: &World, visitor: &Person, name: &str, email: Option<&str>, answers: &[(&str, &str)]) {
    let attributes = answers.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let (name, email) = (Some(name.to_owned()), email.map(str::to_owned));
    let told = ArriveVisitor { name, email, attributes, ..ArriveVisitor::default() };
    world.call(&visitor.by, told).await.unwrap();
}

async fn write_note(world: &World, who: &Person, conversation: &str, text: &str) {
    world.append(vec![note(who, conversation, text)]).await.remove(0).unwrap();
}

fn audited(world: &World, action: &str) -> i64 {
    world.count(&format!("SELECT COUNT(*) FROM audit WHERE action = '{action}'"))
}

async fn a_note_calls_colleagues_who_may_see_it(world: World) {
    let (admin, maya) = world.agent("maya").await;
    let tom = world.hire(&admin, Role::Agent, "tom.b", None).await;
    let add = AddTeam { name: "Sales".into(), answer_s: None, rules: None };
    let sales = world.call(&admin.by, add).await.unwrap().team.id;
    let put_in = PatchAccount {
        role: Role::Agent,
        id: maya.id.clone(),
        active: None,
        display_name: None,
        capacity: None,
        teams: Some(vec![sales.clone()]),
        skills: None,
    };
    world.call(&admin.by, put_in).await.unwrap();
    let visitor = world.visitor().await;
    let open = world.begin(&visitor, StartWith::People).await;
    let closed = world.begin(&visitor, StartWith::Team(sales)).await;
    // The own name, an address, an admin, and nobody call nobody.
    write_note(&world, &maya, &open.id, "@maya a@tom.b @ada @nobody").await;
    assert_eq!(world.count("SELECT COUNT(*) FROM mentions"), 0);
    // Twice in one note is once; a message calls nobody.
    write_note(&world, &maya, &open.id, "(@tom.b) look, @Tom.B.").await;
    write_note(&world, &maya, &closed.id, "@tom.b look").await;
    let claim = Claim { id: open.id.clone(), fence: open.fence };
    world.call(&maya.by, claim).await.unwrap();
    world.append(vec![message(&maya, &open.id, &key(), "ask @tom.b")]).await.remove(0).unwrap();
    let found = mentions(&world, &tom).await;
    assert_eq!(found.len(), 1, "who may not see it is not called: {found:?}");
    let one = &found[0];
    assert_eq!((one.conversation.as_str(), one.by.as_str(), one.read), (open.id.as_str(), "maya", false));
    assert_eq!(one.preview, "(@tom.b) look, @Tom.B.");
    assert!(mentions(&world, &maya).await.is_empty());
    assert_eq!(
        problem(world.call(&admin.by, ListMentions { limit: None, cursor: None }).await),
        Problem::Forbidden
    );
}

async fn mentions_are_read_and_go_with_what_is_erased(world: World) {
    let (admin, maya) = world.agent("maya").await;
    let tom = world.hire(&admin, Role::Agent, "tom", None).await;
    let visitor = world.visitor().await;
    let (a, b) =
        (world.begin(&visitor, StartWith::People).await, world.begin(&visitor, StartWith::People).await);
    for (c, text) in [(&a, "@tom one"), (&b, "@tom two"), (&a, "@tom three")] {
        write_note(&world, &maya, &c.id, text).await;
        world.clock.forward(1);
    }
    let previews = |found: &[Mention]| found.iter().map(|one| one.preview.clone()).collect::<Vec<_>>();
    let first = world.call(&tom.by, ListMentions { limit: Some(2), cursor: None }).await.unwrap();
    assert_eq!(previews(&first.items), ["@tom three", "@tom two"]);
    let rest = world.call(&tom.by, ListMentions { limit: Some(2), cursor: first.next }).await.unwrap();
    assert_eq!((previews(&rest.items), rest.next), (vec!["@tom one".to_owned()], None));

    world.call(&tom.by, ReadMentions { conversation: Some(a.id.clone()) }).await.unwrap();
    let read: Vec<bool> = mentions(&world, &tom).await.iter().map(|one| one.read).collect();
    assert_eq!(read, [true, false, true]);
    world.call(&tom.by, ReadMentions { conversation: None }).await.unwrap();
    assert!(mentions(&world, &tom).await.iter().all(|one| one.read));

    world.call(&admin.by, EraseVisitor { id: visitor.id.clone() }).await.unwrap();
    assert!(mentions(&world, &tom).await.is_empty());
    assert_eq!(world.count("SELECT COUNT(*) FROM mentions"), 0);
}

async fn a_supervisor_reads_along_and_whispers(world: World) {
    let (admin, maya) = world.agent("maya").await;
    let tom = world.hire(&admin, Role::Agent, "tom", None).await;
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::People).await;
    let c = world.call(&maya.by, Claim { id: c.id, fence: c.fence }).await.unwrap();
    world.say(&visitor, &c.id, "hello").await.unwrap();

    let held = world.call(&admin.by, ListHeld { agent: maya.id.clone(), limit: None }).await.unwrap();
    assert_eq!(
        held.items.iter().map(|one| one.conversation.id.as_str()).collect::<Vec<_>>(),
        [c.id.as_str()]
    );
    let none = world.call(&admin.by, ListHeld { agent: admin.id.clone(), limit: None }).await;
    assert_eq!(problem(none), Problem::NotFound, "an admin is no agent");

    let watch = |after| Watch { id: c.id.clone(), after };
    let seen = world.call(&admin.by, watch(None)).await.unwrap();
    let head = seen.conversation.head;
    assert_eq!((i64::try_from(seen.entries.len()).unwrap(), seen.more), (head, false));
    world.say(&visitor, &c.id, "are you there?").await.unwrap();
    let seen = world.call(&admin.by, watch(Some(head))).await.unwrap();
    assert_eq!((seen.entries.len(), seen.conversation.head), (1, head + 1));
    // One sitting is one line, however often somebody looks; a later one is another.
    world.clock.forward(60_000);
    world.call(&admin.by, watch(Some(head))).await.unwrap();
    assert_eq!(audited(&world, "conversation.watched"), 1);
    world.clock.forward(6 * 60_000);
    world.call(&admin.by, watch(Some(head))).await.unwrap();
    assert_eq!(audited(&world, "conversation.watched"), 2);

    let whisper =
        |text: &str, id: &str| Whisper { id: c.id.clone(), client_msg_id: id.into(), text: text.into() };
    let (id, other) = (key(), key());
    let first = world.call(&admin.by, whisper("offer a refund, @tom too", &id)).await.unwrap();
    let again = world.call(&admin.by, whisper("offer a refund, @tom too", &id)).await.unwrap();
    assert_eq!((first.repeated, again.repeated), (false, true));
    assert_eq!(first.entry.get(), again.entry.get());
    assert!(first.entry.get().contains(r#""whisper":true"#), "{}", first.entry);
    let conflict = world.call(&admin.by, whisper("another", &id)).await;
    assert_eq!(problem(conflict), Problem::Conflict);
    assert_eq!(problem(world.call(&admin.by, whisper(" ", &other)).await), Problem::Invalid);
    assert_eq!(mentions(&world, &tom).await[0].by, "ada", "a whisper calls too");

    let read = |by: &Person| {
        let (world, by) = (&world, by.by.clone());
        let get = GetEntries { id: c.id.clone(), after: None, before: None, limit: None };
        async move {
            world.call(&by, get).await.unwrap().items.iter().map(ToString::to_string).collect::<String>()
        }
    };
    assert!(read(&maya).await.contains("offer a refund"));
    assert!(!read(&visitor).await.contains("offer a refund"), "it is for staff");
    // Nobody's rights are wider than before.
    for who in [&maya, &visitor] {
        assert_eq!(problem(world.call(&who.by, watch(None)).await), Problem::Forbidden);
        assert_eq!(problem(world.call(&who.by, whisper("x", &other)).await), Problem::Forbidden);
    }
    assert_eq!(
        problem(world.call(&admin.by, GetConversation { id: c.id.clone() }).await),
        Problem::Forbidden
    );
    let fenced = world.call(&admin.by, watch(None)).await.unwrap().conversation;
    assert_eq!(
        (fenced.fence, fenced.owner.id.as_deref()),
        (c.fence, Some(maya.id.as_str())),
        "nothing changed hands"
    );
}

async fn previews_are_shown_only_where_an_admin_wants_it(world: World) {
    let admin = world.admin().await;
    let visitor = world.visitor().await;
    let shown = async || {
        let directory = world.call(&visitor.by, GetVisitorDirectory {}).await.unwrap();
        (world.house(GetPreviews {}).await, directory.typing_preview)
    };
    assert_eq!(shown().await, (false, false), "off to begin with");
    let settings = Settings { typing_preview: true, ..Settings::default() };
    world.call(&admin.by, PutSettings { settings }).await.unwrap();
    assert_eq!(shown().await, (true, true));
    assert_eq!(problem(world.call(&admin.by, GetPreviews {}).await), Problem::Forbidden);
}

async fn merge(world: &World, by: &Person, keep: &Person, other: &Person) -> Result<String, Failure> {
    let call = MergeVisitors { keep: keep.id.clone(), other: other.id.clone() };
    Ok(world.call(&by.by, call).await?.id)
}

async fn own(world: &World, visitor: &Person) -> Vec<String> {
    let list = ListOwnConversations { limit: None, cursor: None };
    let mut ids: Vec<String> =
        world.call(&visitor.by, list).await.unwrap().items.into_iter().map(|c| c.id).collect();
    ids.sort();
    ids
}

async fn two_visitors_become_one(world: World) {
    let (admin, maya) = world.agent("maya").await;
    let old = world.visitor().await;
    tell(&world, &old, "Ada", Some("ada@example.org"), &[("plan", "paid"), ("city", "Cologne")]).await;
    let first = world.begin(&old, StartWith::People).await;
    world.say(&old, &first.id, "from the phone").await.unwrap();
    world.clock.forward(600_000);
    let new = world.visitor().await;
    tell(&world, &new, "A.", None, &[("plan", "free"), ("size", "L")]).await;
    // Both made sure in the same words not to begin twice.
    let start = || StartConversation {
        to: StartWith::People,
        client_msg_id: Some("0123456789abcdef".into()),
        text: None,
    };
    let twin = world.call(&old.by, start()).await.unwrap().conversation;
    let second = world.call(&new.by, start()).await.unwrap().conversation;
    let (text, sent) = ("from the computer", key());
    let said = world.append(vec![message(&new, &second.id, &sent, text)]).await.remove(0).unwrap();
    world.clock.forward(60_000);
    world
        .call(
            &new.by,
            ArriveVisitor { page: Some("https://example.org/buy".into()), ..ArriveVisitor::default() },
        )
        .await
        .unwrap();

    assert_eq!(problem(merge(&world, &admin, &old, &old).await), Problem::Invalid);
    assert_eq!(
        problem(merge(&world, &maya, &old, &new).await),
        Problem::Forbidden,
        "agents have a call of their own"
    );
    // The old one's details win; the browser that was here last goes on.
    let stays = merge(&world, &admin, &old, &new).await.unwrap();
    assert_eq!(stays, new.id);
    let mut all = vec![first.id.clone(), second.id.clone(), twin.id.clone()];
    all.sort();
    assert_eq!(own(&world, &new).await, all);
    let again = world.append(vec![message(&new, &second.id, &sent, text)]).await.remove(0).unwrap();
    assert_eq!((again.seq, again.repeated), (said.seq, true), "what was sent is stored once");
    let begun = world.call(&new.by, start()).await.unwrap();
    assert_eq!((begun.conversation.id, begun.repeated), (second.id.clone(), true));

    let seen = world.call(&maya.by, GetConversation { id: first.id.clone() }).await.unwrap();
    assert_eq!((seen.visitor.id.as_str(), seen.visitor.name.as_deref()), (new.id.as_str(), Some("Ada")));
    assert_eq!(seen.visitor.email.as_deref(), Some("ada@example.org"));
    assert_eq!(seen.visitor.page.as_deref(), Some("https://example.org/buy"));
    let answers: Vec<(&str, &str)> =
        seen.visitor.attributes.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert_eq!(answers, [("city", "Cologne"), ("plan", "paid"), ("size", "L")]);
    let search = ListConversations {
        tag: None,
        team: None,
        view: View::All,
        status: Some(Status::Open),
        q: Some("ada".into()),
        limit: None,
        cursor: None,
    };
    assert_eq!(world.call(&maya.by, search).await.unwrap().items.len(), 3, "found by the name that won");

    // The other browser is out, and comes back as somebody new.
    let list = ListOwnConversations { limit: None, cursor: None };
    assert_eq!(problem(world.call(&old.by, list).await), Problem::Unauthenticated);
    assert_eq!(problem(world.say(&old, &first.id, "still me?").await), Problem::Unauthenticated);
    let cut = world.house(GetCutOff { within_ms: 60_000 }).await;
    assert_eq!(cut.visitors, std::slice::from_ref(&old.id));
    assert_eq!(problem(merge(&world, &admin, &new, &old).await), Problem::NotFound, "it is done");
    assert_eq!(audited(&world, "visitor.merged"), 1);
    assert_eq!(world.count(&format!("SELECT COUNT(*) FROM visitors WHERE id = '{}'", old.id)), 0);
    for (table, column) in [
        ("visitor_details", "visitor_id"),
        ("known_agents", "visitor_id"),
        ("conversations", "visitor_id"),
        ("entries", "author_id"),
    ] {
        let left = format!("SELECT COUNT(*) FROM {table} WHERE {column} = '{}'", old.id);
        assert_eq!(world.count(&left), 0, "{table}");
    }
    // Giving away and erasing reach all of it.
    let export = world.call(&admin.by, ExportVisitor { id: new.id.clone(), cursor: None }).await.unwrap();
    assert_eq!(export.conversations.len(), 3);
    world.call(&admin.by, EraseVisitor { id: new.id.clone() }).await.unwrap();
    assert_eq!(world.count("SELECT COUNT(*) FROM entries WHERE body LIKE '%from the%'"), 0);
    let log = world.call(&admin.by, ListAudit { limit: None, cursor: None }).await.unwrap();
    assert!(!log.items.is_empty());
}

async fn an_agent_merges_only_whom_it_sees(world: World) {
    let (admin, maya) = world.agent("maya").await;
    let add = AddTeam { name: "Sales".into(), answer_s: None, rules: None };
    let sales = world.call(&admin.by, add).await.unwrap().team.id;
    let (a, b) = (world.visitor().await, world.visitor().await);
    let here = world.begin(&a, StartWith::People).await;
    let also = world.begin(&b, StartWith::People).await;
    let hidden = world.begin(&b, StartWith::Team(sales)).await;
    let call = |keep: &str, other: &str| MergeHere { keep: keep.into(), other: other.into() };
    assert_eq!(problem(world.call(&maya.by, call(&here.id, &hidden.id)).await), Problem::NotFound);
    assert_eq!(problem(world.call(&maya.by, call(&here.id, &here.id)).await), Problem::Invalid);
    assert_eq!(problem(world.call(&admin.by, call(&here.id, &also.id)).await), Problem::Forbidden);
    assert_eq!(problem(world.call(&a.by, call(&here.id, &also.id)).await), Problem::Forbidden);
    let c = world.call(&maya.by, call(&here.id, &also.id)).await.unwrap();
    assert_eq!(c.id, here.id);
    let other = world.call(&maya.by, GetConversation { id: also.id.clone() }).await.unwrap();
    assert_eq!(other.visitor.id, c.visitor.id);
    // What the agent may not see it may not see now either.
    assert_eq!(
        problem(world.call(&maya.by, GetConversation { id: hidden.id.clone() }).await),
        Problem::NotFound
    );
    let moved = format!("SELECT COUNT(*) FROM conversations WHERE visitor_id = '{}'", c.visitor.id);
    assert_eq!(world.count(&moved), 3);
}

async fn a_ban_is_not_lost_by_merging(world: World) {
    let admin = world.admin().await;
    let banned = world.visitor().await;
    world.clock.forward(1_000);
    let fresh = world.visitor().await;
    let (visitor, term) = (Some(banned.id.clone()), "7d".to_owned());
    let ban = AddBan { visitor, email: None, address: None, term, reason: None };
    world.call(&admin.by, ban).await.unwrap();
    let stays = merge(&world, &admin, &banned, &fresh).await.unwrap();
    assert_eq!(stays, fresh.id);
    let list = ListOwnConversations { limit: None, cursor: None };
    assert_eq!(problem(world.call(&fresh.by, list).await), Problem::Banned);
    let bans = world.call(&admin.by, ListBans { limit: None, cursor: None }).await.unwrap().items;
    assert_eq!(bans.iter().map(|ban| ban.value.as_str()).collect::<Vec<_>>(), [fresh.id.as_str()]);
}
