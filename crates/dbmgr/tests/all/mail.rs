//! E-mail to visitors who have left, with a real mail server that behaves well and badly.

use std::sync::Arc;
use std::time::Duration;
use switchboard_bus::{Bus, Local};
use switchboard_dbmgr::{MailOptions, Options};
use switchboard_domain::{MailId, Secret, TokenHash};
use switchboard_testkit::smtp::{Mood, Smtp};
use switchboard_testkit::{Database, TempDir};
use switchboard_wire::call::append::AppendEntries;
use switchboard_wire::call::ban::AddBan;
use switchboard_wire::call::conversation::{Claim, GetConversation, Transfer, TransferTo};
use switchboard_wire::call::edge::MarkRead;
use switchboard_wire::call::guest::EraseVisitor;
use switchboard_wire::call::mail::{ListMails, MailTranscript, OpenMail, StopMail};
use switchboard_wire::call::settings::{GetSettings, PutSettings};
use switchboard_wire::call::team::AddTeam;
use switchboard_wire::call::visitor::{ArriveVisitor, ListOwnConversations, StartWith};
use switchboard_wire::view::{Mail, MailSettings, Settings};
use switchboard_wire::{Credential, Problem};

use crate::identity::{a_key, token};
use crate::people::{Person, key, message, note};
use crate::world::{Dice, World, problem, serve};

const MINUTE: i64 = 60_000;
/// What is due is sent within this.
pub(crate) const SOON: Duration = Duration::from_secs(15);
/// What is not to be sent would have been within this.
const NEVER: Duration = Duration::from_secs(5);

/// A world in which e-mail is configured, a router at work, and an agent talking with a visitor who gave an address.
pub(crate) struct Post {
    pub(crate) world: World,
    pub(crate) smtp: Smtp,
    admin: Person,
    agent: Person,
    pub(crate) visitor: Person,
    pub(crate) id: String,
}

fn options(smtp: &Smtp) -> MailOptions {
    MailOptions {
        url: smtp.url_with_password(),
        from: "Support <help@example.org>".into(),
        public_url: "https://chat.example.org".into(),
        patience: Duration::from_secs(2),
    }
}

impl Post {
    async fn open(database: Database, folder: TempDir) -> Self {
        let smtp = Smtp::start().await.unwrap();
        let world = World::open_mailing(database, folder, options(&smtp)).await;
        let (admin, agent) = world.agent("maya").await;
        let visitor = world.visitor().await;
        let told = ArriveVisitor { email: Some("ann@example.com".into()), ..ArriveVisitor::default() };
        world.call(&visitor.by, told).await.unwrap();
        let c = world.begin(&visitor, StartWith::People).await;
        world.say(&visitor, &c.id, "Is my order on its way?").await.unwrap();
        let fence = world.call(&agent.by, GetConversation { id: c.id.clone() }).await.unwrap().fence;
        // The router may have been faster.
        let _ = world.call(&agent.by, Claim { id: c.id.clone(), fence }).await;
        Self { world, smtp, admin, agent, visitor, id: c.id }
    }

    pub(crate) async fn sqlite() -> Self {
        let folder = TempDir::new().unwrap();
        let database = Database::Sqlite(folder.join("sb.db"));
        Self::open(database, folder).await
    }

    pub(crate) async fn mariadb() -> Self {
        Self::open(Database::mariadb().unwrap(), TempDir::new().unwrap()).await
    }

    pub(crate) async fn reply(&self, text: &str) -> i64 {
        self.world.say(&self.agent, &self.id, text).await.unwrap().seq
    }

    async fn read(&self, seq: i64) {
        let call = MarkRead { conversation: self.id.clone(), seq };
        self.world.call(&self.visitor.by, call).await.unwrap();
    }

    /// So many minutes pass, in which the staff have used their sessions.
    pub(crate) fn pass(&self, minutes: i64) {
        let used = format!("UPDATE sessions SET last_seen_at = last_seen_at + {}", minutes * MINUTE);
        self.world.database.sql(&used).unwrap();
        self.world.clock.forward(minutes * MINUTE);
    }

    pub(crate) async fn mails(&self) -> Vec<Mail> {
        self.world.call(&self.admin.by, ListMails { limit: None, cursor: None }).await.unwrap().items
    }

    /// Waits until the server's reason for not having taken the newest e-mail has this in it.
    pub(crate) async fn refused(&self, why: &str) -> Mail {
        for _ in 0..SOON.as_millis() / 100 {
            let newest = self.mails().await.into_iter().next();
            if let Some(mail) = newest.filter(|mail| mail.error.as_deref().is_some_and(|e| e.contains(why))) {
                return mail;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("no e-mail was refused with {why}: {:?}", self.mails().await);
    }

    /// Waits until the newest e-mail is in this state after so many attempts.
    pub(crate) async fn until(&self, state: &str, attempts: i64) -> Mail {
        for _ in 0..SOON.as_millis() / 100 {
            let mails = self.mails().await;
            if let Some(mail) = mails.first().filter(|mail| mail.state == state && mail.attempts == attempts)
            {
                return mail.clone();
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("no e-mail came to be {state} after {attempts} attempts: {:?}", self.mails().await);
    }
}

macro_rules! on_both_posts {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() { super::$name(super::Post::sqlite().await).await })+
        }
        mod mariadb {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() { super::$name(super::Post::mariadb().await).await })+
        }
    };
}
pub(crate) use on_both_posts;

on_both_posts!(
    a_reply_that_nobody_saw_is_sent_once_until_the_visitor_is_back,
    what_was_seen_or_is_not_wanted_is_not_sent,
    a_link_leads_back_and_another_ends_it,
    a_transcript_is_sent_to_whoever_asks_for_it,
    what_nobody_remembers_is_found,
    nobodys_mailbox_and_name_are_spent_by_strangers,
    what_was_sent_before_lets_nobody_in_as_whom_a_site_knows,
);

async fn a_reply_that_nobody_saw_is_sent_once_until_the_visitor_is_back(post: Post) {
    post.reply("It is on its way.").await;
    let private = note(&post.agent, &post.id, "she is important");
    post.world.append(vec![private]).await.remove(0).unwrap();
    let last = post.reply("<b>Tomorrow</b> & not later.").await;
    assert!(post.smtp.until(1, Duration::from_secs(3)).await.is_empty(), "not before its time");
    post.pass(11);
    let received = post.smtp.until(1, SOON).await;
    assert_eq!(received.len(), 1);
    let mail = &received[0];
    assert_eq!(
        (mail.from.as_str(), mail.to.as_slice()),
        ("help@example.org", &["ann@example.com".to_owned()][..])
    );
    assert_eq!(mail.header("Subject"), "maya has replied to you");
    let text = mail.unfolded();
    assert!(text.contains("It is on its way.") && text.contains("<b>Tomorrow</b> & not later."), "{text}");
    assert!(text.contains("&lt;b&gt;Tomorrow&lt;/b&gt; &amp; not later."), "{text}");
    assert!(!text.contains("important"), "notes are for colleagues: {text}");
    let sent = post.until("sent", 1).await;
    assert_eq!(mail.header("Message-ID"), format!("<{}@example.org>", sent.id));
    assert_eq!((sent.recipient.as_str(), sent.error), ("ann@example.com", None));

    // More is said: that is for when she is back.
    post.reply("Are you there?").await;
    post.pass(15);
    assert_eq!(post.smtp.until(2, NEVER).await.len(), 1);
    // She looks, goes again, and is answered again.
    post.read(last + 1).await;
    let told = ArriveVisitor { locale: Some("de-AT".into()), ..ArriveVisitor::default() };
    post.world.call(&post.visitor.by, told).await.unwrap();
    post.reply("One more thing.").await;
    post.pass(11);
    let received = post.smtp.until(2, SOON).await;
    assert_eq!(received.len(), 2);
    assert_eq!(received[1].header("Subject"), "maya hat Ihnen geantwortet", "as her browser speaks by now");
    let text = received[1].unfolded();
    assert!(text.contains("Lesen und antworten: http"), "{text}");
    assert!(text.contains("One more thing.") && !text.contains("It is on its way."), "{text}");
}

async fn what_was_seen_or_is_not_wanted_is_not_sent(post: Post) {
    let seq = post.reply("Seen.").await;
    post.read(seq).await;
    post.pass(11);
    assert!(post.smtp.until(1, NEVER).await.is_empty(), "it was seen");
    // An admin switches it off.
    let mut settings = post.world.call(&post.admin.by, GetSettings {}).await.unwrap();
    assert_eq!(settings.mail, MailSettings { replies: true, after_minutes: 10, ready: true });
    settings.mail.replies = false;
    post.world.call(&post.admin.by, PutSettings { settings: settings.clone() }).await.unwrap();
    post.reply("Off.").await;
    post.pass(11);
    assert!(post.smtp.until(1, NEVER).await.is_empty(), "it is off");
    for bad in [0, 1_441, -1] {
        let mail = MailSettings { after_minutes: bad, ..settings.mail };
        let refused =
            post.world.call(&post.admin.by, PutSettings { settings: Settings { mail, ..settings.clone() } });
        assert!(refused.await.unwrap_err().errors.contains_key("mail.after_minutes"), "{bad}");
    }
    settings.mail.replies = true;
    post.world.call(&post.admin.by, PutSettings { settings }).await.unwrap();
    // Who never gave an address gets none; who is banned neither.
    let silent = post.world.visitor().await;
    let c = post.world.begin(&silent, StartWith::People).await;
    let fence = post.world.call(&post.agent.by, GetConversation { id: c.id.clone() }).await.unwrap().fence;
    let _ = post.world.call(&post.agent.by, Claim { id: c.id.clone(), fence }).await;
    post.world.say(&post.agent, &c.id, "hello?").await.unwrap();
    let ban = AddBan { visitor: Some(post.visitor.id.clone()), term: "forever".into(), ..AddBan::default() };
    post.world.call(&post.admin.by, ban).await.unwrap();
    post.reply("Banned.").await;
    post.pass(11);
    assert!(post.smtp.until(1, NEVER).await.is_empty());
    assert_eq!(post.mails().await, []);
}

async fn what_nobody_remembers_is_found(post: Post) {
    // Answered, given to a team in which nobody is, and an admin has patience: all of it while everything is down.
    let mut settings = post.world.call(&post.admin.by, GetSettings {}).await.unwrap();
    settings.mail.after_minutes = 600;
    post.world.call(&post.admin.by, PutSettings { settings }).await.unwrap();
    post.reply("My colleagues will know.").await;
    let add = AddTeam { name: "Sales".into(), answer_s: None, rules: None };
    let team = post.world.call(&post.admin.by, add).await.unwrap().team.id;
    let fence = post.world.call(&post.agent.by, GetConversation { id: post.id.clone() }).await.unwrap().fence;
    let pass = Transfer { id: post.id.clone(), fence, to: TransferTo::Team(team), note: None };
    let passed = post.world.call(&post.agent.by, pass).await.unwrap();
    assert_eq!(passed.owner.kind, "queue");
    post.pass(9 * 60);
    let mailing = Options { mail: Some(options(&post.smtp)), ..Options::default() };
    let post = Post { world: post.world.again(&mailing).await, ..post };
    if matches!(post.world.database, Database::MariaDb(..)) {
        // Whoever begins takes the time of the database's server, for which none of it has passed.
        post.pass(9 * 60);
    }
    post.pass(61);
    let received = post.smtp.until(1, SOON).await;
    assert_eq!(received.len(), 1);
    assert!(received[0].unfolded().contains("My colleagues will know."), "{received:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_one_has_forgotten_is_found_on_mariadb() {
    let post = Post::mariadb().await;
    // One that does not route stores a reply, and is gone before anybody could look.
    let bus: Arc<dyn Bus> = Arc::new(Local::new());
    let other = serve(&post.world.database, &bus, &post.world.clock, true).await;
    let items = vec![message(&post.agent, &post.id, &key(), "I am here.")];
    other.dbmgr().call(Credential::Component, AppendEntries { items }).await.unwrap().remove(0).unwrap();
    other.stop().await;
    post.pass(6);
    assert!(post.smtp.until(1, NEVER).await.is_empty(), "not before its time");
    post.pass(6);
    let received = post.smtp.until(1, SOON).await;
    assert_eq!(received.len(), 1);
    assert!(received[0].unfolded().contains("I am here."), "{received:?}");
}

async fn a_link_leads_back_and_another_ends_it(post: Post) {
    post.reply("Come back.").await;
    post.pass(11);
    let received = post.smtp.until(1, SOON).await;
    let open = TokenHash::of(&received[0].after("/chat#mail=").unwrap());
    let stop = TokenHash::of(&received[0].after("/chat#stop-mail=").unwrap());
    let one_click = received[0].after("/api/v1/visitor/mail/stop/").unwrap();
    assert_eq!(TokenHash::of(&one_click), stop);
    let stored = format!("SELECT COUNT(*) FROM mail_links WHERE secret_hash = '{one_click}'");
    assert_eq!(post.world.count(&stored), 0, "only hashes are stored");

    // In a browser that has never been here.
    let secret = Secret::new(&Dice);
    let call = |link: &TokenHash| OpenMail { link: link.clone(), token_hash: secret.hash() };
    let opened = post.world.call(&Credential::Nobody, call(&open)).await.unwrap();
    assert_eq!((opened.new, &opened.conversation, &opened.visitor.id), (true, &post.id, &post.visitor.id));
    let back = Credential::Visitor(secret.hash());
    let own = post.world.call(&back, ListOwnConversations { limit: None, cursor: None }).await.unwrap();
    assert_eq!(own.items.len(), 1);
    // In the visitor's own one it is nothing new, and nobody else's purpose is served.
    assert!(!post.world.call(&post.visitor.by, call(&open)).await.unwrap().new);
    assert_eq!(problem(post.world.call(&Credential::Nobody, call(&stop)).await), Problem::NotFound);
    assert_eq!(
        problem(post.world.call(&Credential::Nobody, StopMail { link: open.clone() }).await),
        Problem::NotFound
    );
    assert_eq!(
        problem(post.world.call(&Credential::Nobody, call(&TokenHash::of("guess"))).await),
        Problem::NotFound
    );

    for _ in 0..2 {
        post.world.call(&Credential::Nobody, StopMail { link: stop.clone() }).await.unwrap();
    }
    post.world.say(&post.visitor, &post.id, "thanks, and?").await.unwrap();
    post.reply("Nothing.").await;
    post.pass(11);
    assert_eq!(post.smtp.until(2, NEVER).await.len(), 1, "no more about this conversation");
    // Links end, and at once with the visitor.
    post.world.call(&post.admin.by, EraseVisitor { id: post.visitor.id.clone() }).await.unwrap();
    assert_eq!(problem(post.world.call(&Credential::Nobody, call(&open)).await), Problem::NotFound);
    assert_eq!(post.mails().await, [], "whom it went to is erased too");
}

/// Comes by this link in a browser that has never been here.
async fn follow(post: &Post, link: &TokenHash) -> Result<Credential, Problem> {
    let secret = Secret::new(&Dice);
    let call = OpenMail { link: link.clone(), token_hash: secret.hash() };
    let opened = post.world.call(&Credential::Nobody, call).await.map_err(|failure| failure.problem)?;
    assert!(opened.new);
    Ok(Credential::Visitor(secret.hash()))
}

async fn sees(post: &Post, by: &Credential) -> Result<usize, Problem> {
    let list = post.world.call(by, ListOwnConversations { limit: None, cursor: None }).await;
    list.map(|page| page.items.len()).map_err(|failure| failure.problem)
}

async fn what_was_sent_before_lets_nobody_in_as_whom_a_site_knows(post: Post) {
    let key = a_key(&post.world, &post.admin).await;
    let proves = |by: &Credential| {
        let call = ArriveVisitor {
            token_hash: Some(Secret::new(&Dice).hash()),
            identity: Some(token(&post.world, &key, "u1")),
            ..ArriveVisitor::default()
        };
        let (world, by) = (&post.world, by.clone());
        async move { world.call(&by, call).await.unwrap() }
    };
    // The address was somebody else's.
    post.reply("Come back.").await;
    post.pass(11);
    let first = post.smtp.until(1, SOON).await.remove(0);
    let (open, stop) =
        ["/chat#mail=", "/chat#stop-mail="].map(|mark| TokenHash::of(&first.after(mark).unwrap())).into();
    let stranger = follow(&post, &open).await.unwrap();
    assert_eq!(sees(&post, &stranger).await, Ok(1), "who mistypes an address gives the conversation away");
    let arrived = proves(&post.visitor.by).await;
    assert_eq!((arrived.visitor.id.as_str(), arrived.new), (post.visitor.id.as_str(), false));
    assert_eq!(sees(&post, &post.visitor.by).await, Ok(1), "the browser that has proven it goes on");
    assert_eq!(sees(&post, &stranger).await, Err(Problem::Unauthenticated));
    assert_eq!(follow(&post, &open).await, Err(Problem::NotFound));

    // The same in another browser, which is joined to her; one more e-mail is still on its way.
    let other = post.world.visitor().await;
    let told = ArriveVisitor { email: Some("anne@example.com".into()), ..ArriveVisitor::default() };
    post.world.call(&other.by, told).await.unwrap();
    let c = post.world.begin(&other, StartWith::People).await;
    let fence = post.world.call(&post.agent.by, GetConversation { id: c.id.clone() }).await.unwrap().fence;
    let _ = post.world.call(&post.agent.by, Claim { id: c.id.clone(), fence }).await;
    post.world.say(&post.agent, &c.id, "It is here.").await.unwrap();
    post.pass(11);
    let second = post.smtp.until(2, SOON).await.remove(1);
    assert_eq!(second.to, ["anne@example.com"]);
    let open = TokenHash::of(&second.after("/chat#mail=").unwrap());
    let stranger = follow(&post, &open).await.unwrap();
    post.smtp.be(Mood::NotNow);
    post.world.say(&other, &c.id, "And the other one?").await.unwrap();
    post.world.say(&post.agent, &c.id, "That too.").await.unwrap();
    post.pass(11);
    post.refused("451").await;
    let arrived = proves(&other.by).await;
    assert_eq!((arrived.visitor.id.as_str(), arrived.new), (post.visitor.id.as_str(), false));
    for by in [&post.visitor.by, &other.by] {
        assert_eq!(sees(&post, by).await, Ok(2), "both browsers have both");
    }
    assert_eq!(sees(&post, &stranger).await, Err(Problem::Unauthenticated));
    assert_eq!(follow(&post, &open).await, Err(Problem::NotFound));
    post.smtp.be(Mood::Takes);
    post.pass(2);
    post.until("dropped", 2).await;
    assert_eq!(post.smtp.received().len(), 2, "nothing about her goes to that address any more");

    // What is sent from now on leads to her, and what ends e-mails still does.
    post.world.say(&post.visitor, &post.id, "And now?").await.unwrap();
    post.reply("Now it is you.").await;
    post.pass(11);
    let third = post.smtp.until(3, SOON).await.remove(2);
    assert_eq!(third.to, ["Ann@example.org"]);
    let back = follow(&post, &TokenHash::of(&third.after("/chat#mail=").unwrap())).await.unwrap();
    assert_eq!(sees(&post, &back).await, Ok(2));
    post.world.call(&Credential::Nobody, StopMail { link: stop }).await.unwrap();
}

async fn a_transcript_is_sent_to_whoever_asks_for_it(post: Post) {
    let private = note(&post.agent, &post.id, "she is important");
    post.world.append(vec![private]).await.remove(0).unwrap();
    post.reply("<b>Tomorrow</b>\nor the day after.").await;
    let ask = |zone: &str| MailTranscript { id: post.id.clone(), zone: Some(zone.into()) };
    let call = |call: MailTranscript| post.world.call(&post.visitor.by, call);
    let refused = call(ask("Europe/Atlantis")).await.unwrap_err();
    assert!(refused.errors.contains_key("zone"), "{refused:?}");
    // Twice is once, for there is nothing new.
    for _ in 0..2 {
        call(ask("Europe/Berlin")).await.unwrap();
    }
    let received = post.smtp.until(1, SOON).await;
    let (mail, text) = (&received[0], received[0].unfolded());
    assert_eq!((mail.header("Subject").as_str(), mail.to.len()), ("Your conversation", 1));
    assert_eq!(mail.header("List-Unsubscribe"), "", "somebody has asked for it");
    assert!(text.contains("Times are those of Europe/Berlin."), "{text}");
    assert!(
        text.contains("Is my order on its way?") && text.contains("<b>Tomorrow</b>\n    or the day"),
        "{text}"
    );
    assert!(text.contains("&lt;b&gt;Tomorrow&lt;/b&gt;"), "{text}");
    assert!(!text.contains("important"), "notes are for colleagues: {text}");
    let secret = Secret::new(&Dice);
    let link = TokenHash::of(&mail.after("/chat#mail=").unwrap());
    let open = OpenMail { link, token_hash: secret.hash() };
    assert_eq!(post.world.call(&Credential::Nobody, open).await.unwrap().conversation, post.id);
    assert_eq!(post.until("sent", 1).await.kind, "transcript");

    // Another visitor gets nothing of it, and whoever has given no address is asked for it.
    let other = post.world.visitor().await;
    assert_eq!(problem(post.world.call(&other.by, ask("")).await), Problem::NotFound);
    let own = post.world.begin(&other, StartWith::People).await;
    let asked = MailTranscript { id: own.id.clone(), zone: None };
    let refused = post.world.call(&other.by, asked.clone()).await.unwrap_err();
    assert!(refused.errors.contains_key("email"), "{refused:?}");

    // Nobody's mailbox is flooded, whoever gives its address.
    for n in 0..4 {
        post.world.say(&post.visitor, &post.id, &format!("more {n}")).await.unwrap();
        call(ask("")).await.unwrap();
    }
    post.world.say(&post.visitor, &post.id, "too much").await.unwrap();
    assert_eq!(problem(call(ask("")).await), Problem::RateLimited);
    // Nor is anything sent that strangers write to it: somebody here must have taken part.
    for (address, expected) in [
        ("ann@example.com", Problem::Conflict),
        ("ANN@Example.com", Problem::RateLimited),
        ("ann+other@example.com", Problem::RateLimited),
    ] {
        let told = ArriveVisitor { email: Some(address.into()), ..ArriveVisitor::default() };
        post.world.call(&other.by, told).await.unwrap();
        assert_eq!(problem(post.world.call(&other.by, asked.clone()).await), expected, "{address}");
        let fence =
            post.world.call(&post.agent.by, GetConversation { id: own.id.clone() }).await.unwrap().fence;
        let _ = post.world.call(&post.agent.by, Claim { id: own.id.clone(), fence }).await;
        post.world.say(&post.agent, &own.id, "Good morning.").await.unwrap();
    }
    assert_eq!(post.smtp.until(5, SOON).await.len(), 5);
    assert_eq!(post.mails().await.len(), 5);
}

async fn nobodys_mailbox_and_name_are_spent_by_strangers(post: Post) {
    let seq = post.reply("Here I am.").await;
    post.read(seq).await;
    let ask = || post.world.call(&post.visitor.by, MailTranscript { id: post.id.clone(), zone: None });
    // A mailbox that refuses is not tried as often as somebody asks.
    post.smtp.be(Mood::Never);
    for n in 1..=5 {
        ask().await.unwrap();
        post.until("failed", 1).await;
        assert_eq!(post.mails().await.len(), n, "each attempt is seen and counts");
    }
    assert_eq!(problem(ask().await), Problem::RateLimited);
    assert_eq!((post.mails().await.len(), post.smtp.attempts()), (5, 5));
    // A day later it may be asked for again, unless the house has sent too many within the hour.
    post.smtp.be(Mood::Takes);
    post.pass(24 * 60 + 1);
    let now = switchboard_domain::Clock::now(&*post.world.clock);
    let sent = |n: i64| {
        let id = MailId::timed(now - n, &Dice);
        format!(
            "INSERT INTO mails (id, kind, conversation_id, visitor_id, recipient, mark, state, attempts, created_at, done_at) \
             VALUES ('{id}', 'transcript', 'c{n}', 'v{n}', 'v{n}@example.org', 1, 'sent', 1, {}, {now});",
            now - n
        )
    };
    let all: String = (1..=200).map(sent).collect();
    post.world.database.sql(&all).unwrap();
    assert_eq!(problem(ask().await), Problem::RateLimited);
    post.world.database.sql("DELETE FROM mails WHERE conversation_id = 'c1'").unwrap();
    ask().await.unwrap();
    assert_eq!(post.smtp.until(1, SOON).await.len(), 1);
}
