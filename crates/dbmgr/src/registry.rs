//! Which calls are carried out here: one line per call, for the buses and for callers in this process.

use crate::authority::Authority;
use crate::dbmgr::{Dbmgr, broken};
use crate::limits;
use crate::operator;
use crate::run::Run;
use crate::shared::Shared;
use futures_util::future::{BoxFuture, try_join_all};
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::Arc;
use switchboard_bus::{Answer, Bus, BusError, Incoming, Server, read_call, serve, write_reply};
use switchboard_wire::call::{
    account, agent, append, article, automation, ban, canned, conversation, edge, file, guest, guide, hook,
    identity, mail, mention, report, router, rule, saved_view, search, session, settings, system, team,
    visitor, watch, webhook,
};
use switchboard_wire::subject::{self, DBMGR_GROUP};
use switchboard_wire::{Call, Credential, Failure};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

/// What calls wait for, so that those who wait for one thing do not keep out the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Class {
    /// The database.
    Plain,
    /// The database too, but asked by the house itself: leases, health, routing go on when there are too many others.
    House,
    /// A password to be hashed.
    Password,
    /// The database for longer: a report, of which few are made at a time.
    Report,
    /// The database for somewhat longer: a search.
    Search,
    /// A search in memory, and now and then the articles read for it, which anybody may ask for.
    Article,
    /// A batch of the writer, whose queue is bounded by itself.
    Append,
    /// The database, with a piece of a file in hand: few at a time, since each holds much.
    File,
}

impl Class {
    const ALL: [Self; 8] = [
        Self::Plain,
        Self::House,
        Self::Report,
        Self::Search,
        Self::Article,
        Self::Password,
        Self::Append,
        Self::File,
    ];

    /// How many calls of this class are carried out at a time, and how many may wait.
    fn limits(self) -> (usize, usize) {
        match self {
            Self::Plain => (limits::CALLS, limits::CALLS_WAITING),
            Self::House => (limits::HOUSE_CALLS, limits::CALLS_WAITING),
            Self::Report => (limits::REPORTS, limits::REPORTS_WAITING),
            Self::Search => (limits::SEARCHES, limits::SEARCHES_WAITING),
            Self::Article => (limits::ARTICLE_SEARCHES, limits::ARTICLE_SEARCHES_WAITING),
            // These wait in queues of their own.
            Self::Password => (limits::PASSWORD_CALLS, 0),
            Self::Append => (limits::APPEND_CALLS, 0),
            Self::File => (limits::FILE_CALLS, limits::FILE_CALLS_WAITING),
        }
    }
}

/// Room for the calls of a class.
#[derive(Debug)]
struct Room {
    admitted: Semaphore,
    at_work: Semaphore,
}

impl Room {
    fn new(class: Class) -> Self {
        let (at_work, waiting) = class.limits();
        Self { admitted: Semaphore::new(at_work + waiting), at_work: Semaphore::new(at_work) }
    }

    /// A place to work in, or at once the word that there is none.
    async fn enter(&self) -> Result<[SemaphorePermit<'_>; 2], Failure> {
        let busy = || Failure::unavailable("too much to do at the moment; try again shortly");
        let admitted = self.admitted.try_acquire().map_err(|_| busy())?;
        let turn = timeout(limits::CALL_WAIT, self.at_work.acquire()).await.map_err(|_| busy())?;
        Ok([admitted, turn.map_err(|_| busy())?])
    }
}

/// A call or its reply. What carries them does not know which, so that it is compiled once and not for every call.
pub(crate) type Boxed = Box<dyn Any + Send>;

type Carry = fn(Authority, Boxed, Arc<Shared>) -> BoxFuture<'static, Option<Result<Boxed, Failure>>>;

/// One call.
struct Line {
    name: &'static str,
    class: Class,
    carry: Carry,
    /// None for what only the operator may ask.
    wire: Option<Wire>,
}

/// How a call and its reply are written on a bus.
#[derive(Clone, Copy)]
struct Wire {
    read: fn(&Incoming) -> Result<(Credential, Boxed), Failure>,
    write: fn(Boxed) -> Option<Answer>,
}

/// All calls.
pub(crate) struct Registry {
    lines: HashMap<TypeId, Line>,
    rooms: HashMap<Class, Room>,
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Registry({} calls)", self.lines.len())
    }
}

impl Registry {
    /// Every call that there is.
    pub(crate) fn new() -> Self {
        let rooms = Class::ALL.map(|class| (class, Room::new(class))).into();
        let mut all = Self { lines: HashMap::new(), rooms };

        all.add::<session::SignIn>(Class::Password);
        all.add::<session::GetSession>(Class::Plain);
        all.add::<session::SignOut>(Class::Plain);
        all.add::<session::ChangePassword>(Class::Password);
        all.add::<session::ListSessions>(Class::Plain);
        all.add::<session::RevokeSession>(Class::Plain);

        all.add::<account::ListAccounts>(Class::Plain);
        all.add::<account::AddAccount>(Class::Password);
        all.add::<account::PatchAccount>(Class::Plain);
        all.add::<account::ResetPassword>(Class::Password);
        all.add::<account::ListAudit>(Class::Plain);

        all.add::<append::AppendEntries>(Class::Append);

        all.add::<team::ListTeams>(Class::Plain);
        all.add::<team::AddTeam>(Class::Plain);
        all.add::<team::PatchTeam>(Class::Plain);
        all.add::<team::DeleteTeam>(Class::Plain);

        all.add::<canned::ListCanned>(Class::Plain);
        all.add::<canned::AddCanned>(Class::Plain);
        all.add::<canned::PatchCanned>(Class::Plain);
        all.add::<canned::DeleteCanned>(Class::Plain);

        all.add::<search::Search>(Class::Search);
        all.add::<saved_view::ListViews>(Class::Plain);
        all.add::<saved_view::AddView>(Class::Plain);
        all.add::<saved_view::PatchView>(Class::Plain);
        all.add::<saved_view::DeleteView>(Class::Plain);
        all.add::<article::ListArticles>(Class::Plain);
        all.add::<article::GetArticle>(Class::Plain);
        all.add::<article::AddArticle>(Class::Plain);
        all.add::<article::PatchArticle>(Class::Plain);
        all.add::<article::DeleteArticle>(Class::Plain);
        all.add::<article::SearchArticles>(Class::Article);
        all.add::<article::GetHelp>(Class::Plain);
        all.add::<article::ListHelp>(Class::Plain);
        all.add::<article::RateArticle>(Class::Plain);

        all.add::<report::GetReport>(Class::Report);
        all.add::<report::GetReportRows>(Class::Report);
        all.add::<settings::GetSettings>(Class::Plain);
        all.add::<settings::PutSettings>(Class::Plain);
        all.add::<system::GetSystem>(Class::Plain);

        all.add::<ban::ListBans>(Class::Plain);
        all.add::<ban::AddBan>(Class::Plain);
        all.add::<ban::LiftBan>(Class::Plain);
        all.add::<ban::BanVisitor>(Class::Plain);

        all.add::<guest::FindVisitors>(Class::Plain);
        all.add::<guest::ExportVisitor>(Class::Plain);
        all.add::<guest::EraseVisitor>(Class::Plain);
        all.add::<guest::MergeVisitors>(Class::Plain);
        all.add::<guest::MergeHere>(Class::Plain);

        all.add::<mention::ListMentions>(Class::Plain);
        all.add::<mention::ReadMentions>(Class::Plain);

        all.add::<watch::ListHeld>(Class::Plain);
        all.add::<watch::Watch>(Class::Plain);
        all.add::<watch::Whisper>(Class::Plain);

        all.add::<guide::ListGuides>(Class::Plain);
        all.add::<guide::GetGuide>(Class::Plain);
        all.add::<guide::AddGuide>(Class::Plain);
        all.add::<guide::PutDraft>(Class::Plain);
        all.add::<guide::PublishGuide>(Class::Plain);
        all.add::<guide::PatchGuide>(Class::Plain);
        all.add::<guide::DeleteGuide>(Class::Plain);
        all.add::<guide::TryGuide>(Class::Plain);

        all.add::<identity::ListIdentityKeys>(Class::Plain);
        all.add::<identity::AddIdentityKey>(Class::Plain);
        all.add::<identity::RevokeIdentityKey>(Class::Plain);

        all.add::<mail::OpenMail>(Class::Plain);
        all.add::<mail::StopMail>(Class::Plain);
        all.add::<mail::MailTranscript>(Class::Plain);
        all.add::<mail::ListMails>(Class::Plain);

        all.add::<automation::ListAutomations>(Class::Plain);
        all.add::<automation::PatchAutomation>(Class::Plain);
        all.add::<hook::AddHook>(Class::Plain);
        all.add::<hook::PatchHook>(Class::Plain);
        all.add::<hook::RotateHook>(Class::Plain);
        all.add::<hook::DeleteHook>(Class::Plain);
        all.add::<hook::TryHook>(Class::Search);
        all.add::<hook::GetHooks>(Class::House);

        all.add::<webhook::ListWebhooks>(Class::Plain);
        all.add::<webhook::AddWebhook>(Class::Plain);
        all.add::<webhook::PatchWebhook>(Class::Plain);
        all.add::<webhook::RotateWebhook>(Class::Plain);
        all.add::<webhook::DeleteWebhook>(Class::Plain);
        all.add::<webhook::TestWebhook>(Class::Plain);
        all.add::<webhook::ListWebhookDeliveries>(Class::Plain);
        all.add::<webhook::ReplayWebhook>(Class::Plain);

        all.add::<rule::ListRules>(Class::Plain);
        all.add::<rule::AddRule>(Class::Plain);
        all.add::<rule::PatchRule>(Class::Plain);
        all.add::<rule::OrderRules>(Class::Plain);
        all.add::<rule::DeleteRule>(Class::Plain);
        all.add::<rule::TryRule>(Class::Plain);
        all.add::<rule::ListRuleRuns>(Class::Plain);

        all.add::<agent::GetPresence>(Class::Plain);
        all.add::<agent::PutPresence>(Class::Plain);
        all.add::<agent::GetDirectory>(Class::Plain);

        all.add::<conversation::ListConversations>(Class::Plain);
        all.add::<conversation::GetConversation>(Class::Plain);
        all.add::<conversation::GetEntries>(Class::Plain);
        all.add::<conversation::Claim>(Class::Plain);
        all.add::<conversation::Transfer>(Class::Plain);
        all.add::<conversation::Resolve>(Class::Plain);
        all.add::<conversation::Reopen>(Class::Plain);
        all.add::<conversation::Snooze>(Class::Plain);
        all.add::<conversation::TagConversation>(Class::Plain);
        all.add::<conversation::Prioritise>(Class::Plain);
        all.add::<conversation::Handoff>(Class::Plain);
        all.add::<conversation::Rate>(Class::Plain);

        all.add::<file::PutPiece>(Class::File);
        all.add::<file::GetPiece>(Class::File);

        all.add::<visitor::ArriveVisitor>(Class::Plain);
        all.add::<visitor::GetVisitorDirectory>(Class::Plain);
        all.add::<visitor::ListOwnConversations>(Class::Plain);
        all.add::<visitor::StartConversation>(Class::Plain);

        all.add::<edge::Greet>(Class::Plain);
        all.add::<edge::GreetMany>(Class::Plain);
        all.add::<edge::Follow>(Class::Plain);
        all.add::<edge::GetLines>(Class::Plain);
        all.add::<edge::GetStates>(Class::Plain);
        all.add::<edge::GetSummaries>(Class::Plain);
        all.add::<edge::Leases>(Class::House);
        all.add::<edge::GetCutOff>(Class::House);
        all.add::<edge::GetPreviews>(Class::House);
        all.add::<edge::TouchSessions>(Class::House);
        all.add::<edge::MarkRead>(Class::Plain);
        all.add::<edge::Ping>(Class::House);

        all.add::<router::GetBoard>(Class::House);
        all.add::<router::GetDue>(Class::House);
        all.add::<router::GetTurn>(Class::House);
        all.add::<router::ApplyReply>(Class::House);
        all.add::<router::FailTurn>(Class::House);
        all.add::<router::Assign>(Class::House);
        all.add::<router::Lapse>(Class::House);
        all.add::<router::Wake>(Class::House);
        all.add::<router::RetireAgent>(Class::House);
        all.add::<router::Sweep>(Class::House);
        all.add::<router::GetUnindexed>(Class::House);
        all.add::<router::IndexLines>(Class::House);
        all.add::<router::RecordAutomations>(Class::House);

        all.keep::<operator::AddSuperAdmin>(Class::Password);
        all.keep::<operator::SetSuperAdminPassword>(Class::Password);
        all.keep::<operator::SetSuperAdminActive>(Class::Plain);
        all.keep::<operator::DeleteSuperAdmin>(Class::Plain);
        all.keep::<operator::MakeDemoPeople>(Class::Password);
        all
    }

    /// A call that anybody may make whom it lets in.
    fn add<C: Run>(&mut self, class: Class) {
        let wire = Wire { read: read::<C>, write: write::<C> };
        self.lines
            .insert(TypeId::of::<C>(), Line { name: C::NAME, class, carry: carry::<C>, wire: Some(wire) });
    }

    /// A call that no bus carries.
    fn keep<C: Run>(&mut self, class: Class) {
        self.lines.insert(TypeId::of::<C>(), Line { name: C::NAME, class, carry: carry::<C>, wire: None });
    }

    /// Carries out a call of this type; `None` when it is not one of ours.
    pub(crate) async fn carry_out(
        &self,
        kind: TypeId,
        by: Authority,
        call: Boxed,
        shared: Arc<Shared>,
    ) -> Option<Result<Boxed, Failure>> {
        let line = self.lines.get(&kind)?;
        let _place = match self.rooms.get(&line.class)?.enter().await {
            Ok(place) => place,
            Err(busy) => return Some(Err(busy)),
        };
        (line.carry)(by, call, shared).await
    }

    /// Serves all calls on a bus, in one queue group with every other dbmgr.
    ///
    /// # Errors
    /// What [`Bus::subscribe`] refuses.
    pub(crate) async fn serve(&self, dbmgr: &Dbmgr, bus: &Arc<dyn Bus>) -> Result<Vec<Server>, BusError> {
        let room = |class: Class| {
            let (at_work, waiting) = class.limits();
            Arc::new(Semaphore::new(at_work + waiting))
        };
        let rooms: HashMap<Class, Arc<Semaphore>> =
            self.rooms.keys().map(|class| (*class, room(*class))).collect();
        let servers = self.lines.iter().filter_map(|(kind, line)| {
            let (wire, room) = (line.wire?, rooms.get(&line.class)?);
            Some(serve_one(dbmgr.clone(), Arc::clone(bus), Arc::clone(room), (*kind, line.name), wire))
        });
        // Each waits until its bus knows of it; together they wait as long as one.
        try_join_all(servers).await
    }
}

fn carry<C: Run>(
    by: Authority,
    call: Boxed,
    shared: Arc<Shared>,
) -> BoxFuture<'static, Option<Result<Boxed, Failure>>> {
    Box::pin(async move {
        let call = call.downcast::<C>().ok()?;
        Some(call.run(by, shared).await.map(|reply| Box::new(reply) as Boxed))
    })
}

fn read<C: Call>(request: &Incoming) -> Result<(Credential, Boxed), Failure> {
    read_call::<C>(request).map(|request| (request.by, Box::new(request.call) as Boxed))
}

fn write<C: Call>(reply: Boxed) -> Option<Answer> {
    reply.downcast::<C::Reply>().ok().map(|reply| write_reply::<C>(&reply))
}

async fn serve_one(
    dbmgr: Dbmgr,
    bus: Arc<dyn Bus>,
    limit: Arc<Semaphore>,
    (kind, name): (TypeId, &'static str),
    wire: Wire,
) -> Result<Server, BusError> {
    let handler = move |incoming: Incoming| {
        let dbmgr = dbmgr.clone();
        async move {
            let (by, call) = (wire.read)(&incoming)?;
            let reply = dbmgr.call_boxed((kind, name), Authority::Bus(by), call).await?;
            (wire.write)(reply).unwrap_or_else(|| Err(broken()))
        }
    };
    serve(bus, &subject::call(name), Some(DBMGR_GROUP), limit, handler).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::Path;

    /// The names in `Name => "cmd.name"` lines below a folder.
    fn spelled(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            let text = lines.collect::<Vec<_>>().join("\n");
            let names = text.split("=> \"").skip(1).filter_map(|rest| rest.split_once('"'));
            let names = names.map(|(name, _)| name);
            found.extend(names.filter(|n| n.starts_with("cmd.") || n.starts_with("qry.")).map(Into::into));
        }
    }

    #[test]
    fn every_call_that_is_spelled_is_carried_out() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut calls = BTreeSet::new();
        spelled(&root.join("../wire/src/call"), &mut calls);
        assert!(calls.len() > 40);
        assert!(calls.remove("qry.assist"), "the assistant answers that itself");
        let served = |line: &&Line| line.wire.is_some();
        let all = Registry::new();
        let lines: BTreeSet<String> =
            all.lines.values().filter(served).map(|line| line.name.into()).collect();
        assert_eq!(lines, calls);
        let kept = all.lines.values().filter(|line| line.wire.is_none());
        assert!(kept.clone().count() == 5 && kept.into_iter().all(|line| line.name.starts_with("cmd.su.")));
    }
}
