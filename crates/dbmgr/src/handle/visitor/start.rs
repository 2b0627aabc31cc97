//! Starting a conversation, with the first message if given, in one transaction.

use crate::act::{self, Act};
use crate::cx::Cx;
use crate::gate::{self, Actor, Party};
use crate::halt::{Halt, Outcome};
use crate::handle::guide::play;
use crate::handle::router::learn::Learnt;
use crate::handle::settings;
use crate::rules;
use crate::ruling;
use crate::run::Handle;
use switchboard_domain::automation_rules::Outside;
use switchboard_domain::conversation::{Command, Facts, Target};
use switchboard_domain::entry::Client;
use switchboard_domain::limits::VISITOR_OPEN_CONVERSATIONS;
use switchboard_domain::message::body_hash;
use switchboard_domain::{Author, ClientMsgId, Conversation, ConversationId, TeamId, Text};
use switchboard_storage::entry::{self, ClientKey};
use switchboard_storage::visitor::Visitor;
use switchboard_storage::{Error, Unique, automation, conversation, details, team};
use switchboard_wire::call::visitor::{StartConversation, StartWith, Started};
use switchboard_wire::reply::{Checked, check};
use switchboard_wire::{Failure, Problem};

/// When a visitor with too many open conversations should try again, in milliseconds.
const RETRY_MS: u64 = 60_000;

impl Handle for StartConversation {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<Started> {
        let visitor = actor.visitor()?;
        let key = self.client_msg_id.map(ClientMsgId::try_from).transpose();
        let key = key.map_err(|reason| Failure::invalid("client_msg_id", &reason))?;
        let text = self.text.map(Text::try_from).transpose();
        let text = text.map_err(|reason| Failure::invalid("body.text", &reason))?;
        let author = gate::author(visitor);
        if let Some(key) = &key {
            let stored = conversation::by_start_key(&mut cx.tx, &visitor.id, key).await?;
            if let Some(stored) = stored {
                same_message(cx, &stored, &author, key, text.as_ref()).await?;
                return answer(cx, &stored, visitor, true).await;
            }
        }
        if conversation::open_of_visitor(&mut cx.tx, &visitor.id).await? >= VISITOR_OPEN_CONVERSATIONS {
            let detail = "you have many conversations open: end one, or go on in one of them";
            return Err(Failure::rate_limited(detail, RETRY_MS).into());
        }
        if !matches!(self.to, StartWith::Automation(_)) {
            require_answers(cx, visitor).await?;
        }
        let (to, team) = target(cx, &self.to).await?;
        let facts = match &to {
            Target::Automation { .. } => Facts::default(),
            Target::Team(_) | Target::Agent(_) => act::facts_of_queue(cx, team.as_ref()).await?,
        };
        let id = ConversationId::timed(cx.now, cx.shared.rng.as_ref());
        let name = visitor.name.clone().unwrap_or_default();
        let mut c = Conversation::new(id, visitor.id.clone(), name, cx.now);
        c.visitor_email.clone_from(&visitor.email);
        c.start_key.clone_from(&key);
        let mut act = Act::new(c);
        let shared = std::sync::Arc::clone(&cx.shared);
        let rng = shared.rng.as_ref();
        act.decide(
            Command::Start { visitor: author.clone(), to: to.clone(), facts: facts.clone() },
            cx.now,
            rng,
        )?;
        let mut learnt = None;
        if let (None, Target::Automation { name, title }) = (&text, &to)
            && let Some(opening) = play::opening(cx, &act.c, name, visitor).await?
        {
            learnt = Some(Learnt::read(&opening)?);
            let Checked { messages, tags, .. } = check(opening)?;
            let (automation, title) = (name.clone(), title.clone());
            act.decide(Command::Greet { automation, title, messages, tags }, cx.now, rng)?;
        }
        if let Some(text) = text {
            let client = key.map(|id| client(&author, id, &text));
            act.decide(Command::VisitorMessage { visitor: author, text, client, facts }, cx.now, rng)?;
        }
        let (c, met) = (act.c.clone(), ruling::met(act.entries()));
        act::save(cx, vec![act]).await.map_err(|halt| match halt {
            // The same start came in at the same time: the next run finds it.
            Halt::Database(Error::Conflict(Unique::StartKey)) => Halt::Again,
            halt => halt,
        })?;
        if let Some(learnt) = learnt {
            learnt.write(cx, &c.id, c.fence, &visitor.id).await?;
        }
        let c = ruling::at_once(cx, c, met).await?;
        answer(cx, &c, visitor, false).await
    }
}

/// People are talked to once the questions are answered that an admin has made required; at first none are.
async fn require_answers(cx: &mut Cx, visitor: &Visitor) -> Outcome<()> {
    let form = settings::load(&mut cx.tx).await?.pre_chat;
    if !form.requires() {
        return Ok(());
    }
    let known = details::get(&mut cx.tx, &visitor.id).await?.attributes;
    let missing = form.missing(visitor.name.as_deref(), visitor.email.as_deref(), &known);
    if missing.is_empty() { Ok(()) } else { Err(Failure::invalid_fields(missing).into()) }
}

fn client(author: &Author, id: ClientMsgId, text: &Text) -> Client {
    Client { sender: author.sender(), id, body_hash: body_hash("message", text.as_str()) }
}

async fn answer(cx: &mut Cx, c: &Conversation, visitor: &Visitor, repeated: bool) -> Outcome<Started> {
    Ok(Started { conversation: act::shown(cx, c, &Party::Visitor(visitor)).await?, repeated })
}

/// Refuses a repeat that says something else than the first time.
async fn same_message(
    cx: &mut Cx,
    stored: &Conversation,
    author: &Author,
    id: &ClientMsgId,
    text: Option<&Text>,
) -> Outcome<()> {
    let Some(text) = text else { return Ok(()) };
    let wanted = client(author, id.clone(), text);
    let key =
        ClientKey { conversation: stored.id.clone(), sender: wanted.sender.clone(), id: wanted.id.clone() };
    let first = entry::by_client(&mut cx.tx, &[key]).await?.pop().and_then(|entry| entry.client);
    if first.is_some_and(|first| first.body_hash != wanted.body_hash) {
        let detail =
            "a conversation was started under this client_msg_id with another message: use a new one";
        return Err(Failure::new(Problem::Conflict, detail).into());
    }
    Ok(())
}

/// With whom, locked so that it stays so until the commit, and whose queue that is.
async fn target(cx: &mut Cx, to: &StartWith) -> Outcome<(Target, Option<TeamId>)> {
    match to {
        StartWith::Automation(name) => {
            let found = automation::share(&mut cx.tx, name).await?;
            let found = found.filter(|found| found.active && found.public);
            let found = found.ok_or_else(|| Failure::not_found("automation"))?;
            let ruled = rules::of(&mut cx.tx, name).await?;
            if !rules::is_open(&mut cx.tx, &ruled, cx.now).await? {
                return match ruled.outside {
                    Outside::Hidden => Err(Failure::not_found("automation").into()),
                    Outside::People => Ok((Target::Team(ruled.handoff_team.clone()), ruled.handoff_team)),
                };
            }
            Ok((Target::Automation { name: found.name, title: found.title }, None))
        }
        StartWith::People => Ok((Target::Team(None), None)),
        StartWith::Team(id) => {
            let id: TeamId = id.parse().map_err(|_| Failure::not_found("team"))?;
            let found = team::get(&mut cx.tx, &id).await?.ok_or_else(|| Failure::not_found("team"))?;
            Ok((Target::Team(Some(found.id.clone())), Some(found.id)))
        }
    }
}
