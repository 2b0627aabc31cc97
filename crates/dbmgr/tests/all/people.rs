//! Staff and visitors of a test, made as the program makes them.

use switchboard_dbmgr::Authority;
use switchboard_dbmgr::operator::AddSuperAdmin;
use switchboard_domain::{Presence, Role, Secret};
use switchboard_wire::Credential;
use switchboard_wire::Failure;
use switchboard_wire::call::account::AddAccount;
use switchboard_wire::call::agent::PutPresence;
use switchboard_wire::call::append::{Append, AppendEntries, AppendKind, Appended};
use switchboard_wire::call::session::{ChangePassword, SignIn};
use switchboard_wire::call::visitor::{ArriveVisitor, StartConversation, StartWith};
use switchboard_wire::view::{Account, Conversation};

use crate::world::{Dice, World};

pub(crate) const PASSWORD: &str = "vier stille Kuehe am Fluss";

/// Somebody signed in.
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) by: Credential,
}

impl World {
    /// Signs in.
    pub(crate) async fn sign_in(&self, name: &str, password: &str) -> Result<(Credential, Account), Failure> {
        self.sign_in_from(name, password, "127.0.0.1").await
    }

    pub(crate) async fn sign_in_from(
        &self,
        name: &str,
        password: &str,
        address: &str,
    ) -> Result<(Credential, Account), Failure> {
        let secret = Secret::new(&Dice);
        let call = SignIn {
            username: name.into(),
            password: password.into(),
            token_hash: secret.hash(),
            address: Some(address.into()),
            agent: Some("test".into()),
        };
        let answer = self.call(&Credential::Nobody, call).await?;
        Ok((Credential::Staff(secret.hash()), answer.account))
    }

    pub(crate) async fn super_admin(&self) -> Person {
        let call = AddSuperAdmin { username: "root".into(), password: PASSWORD.into(), allow_another: true };
        self.dbmgr().call(Authority::Operator, call).await.unwrap();
        let (by, account) = self.sign_in("root", PASSWORD).await.unwrap();
        Person { id: account.id, name: "root".into(), by }
    }

    /// Adds somebody whom `by` manages, with a password of their own.
    pub(crate) async fn hire(&self, by: &Person, role: Role, name: &str, capacity: Option<i64>) -> Person {
        let call = AddAccount {
            role,
            username: name.into(),
            display_name: None,
            capacity,
            teams: None,
            skills: None,
        };
        let made = self.call(&by.by, call).await.unwrap();
        let (newcomer, _) = self.sign_in(name, &made.initial_password).await.unwrap();
        let change = ChangePassword { current: made.initial_password, new: PASSWORD.into() };
        self.call(&newcomer, change).await.unwrap();
        Person { id: made.account.id, name: name.into(), by: newcomer }
    }

    pub(crate) async fn admin(&self) -> Person {
        let root = self.super_admin().await;
        self.hire(&root, Role::Admin, "ada", None).await
    }

    /// An admin and an agent who is online.
    pub(crate) async fn agent(&self, name: &str) -> (Person, Person) {
        let admin = self.admin().await;
        let agent = self.online_agent(&admin, name, None).await;
        (admin, agent)
    }

    pub(crate) async fn online_agent(&self, admin: &Person, name: &str, capacity: Option<i64>) -> Person {
        let agent = self.hire(admin, Role::Agent, name, capacity).await;
        self.call(&agent.by, PutPresence { status: Presence::Online }).await.unwrap();
        agent
    }

    pub(crate) async fn visitor(&self) -> Person {
        let secret = Secret::new(&Dice);
        let call = ArriveVisitor { token_hash: Some(secret.hash()), ..ArriveVisitor::default() };
        let arrived = self.call(&Credential::Nobody, call).await.unwrap();
        assert!(arrived.new);
        Person { id: arrived.visitor.id, name: "Visitor".into(), by: Credential::Visitor(secret.hash()) }
    }

    pub(crate) async fn begin(&self, visitor: &Person, to: StartWith) -> Conversation {
        let call = StartConversation { to, client_msg_id: None, text: None };
        self.call(&visitor.by, call).await.unwrap().conversation
    }

    /// Appends a list in order.
    pub(crate) async fn append(&self, items: Vec<Append>) -> Vec<Result<Appended, Failure>> {
        self.house(AppendEntries { items }).await
    }

    /// Says one thing.
    pub(crate) async fn say(
        &self,
        who: &Person,
        conversation: &str,
        text: &str,
    ) -> Result<Appended, Failure> {
        self.append(vec![message(who, conversation, &key(), text)]).await.remove(0)
    }
}

/// A fresh client id.
pub(crate) fn key() -> String {
    switchboard_domain::EntryId::random(&Dice).to_string()
}

pub(crate) fn message(who: &Person, conversation: &str, key: &str, text: &str) -> Append {
    Append {
        by: who.by.clone(),
        conversation: conversation.into(),
        kind: AppendKind::Message,
        client_msg_id: key.into(),
        text: text.into(),
        files: vec![],
        want_entry: false,
    }
}

pub(crate) fn note(who: &Person, conversation: &str, text: &str) -> Append {
    Append { kind: AppendKind::Note, ..message(who, conversation, &key(), text) }
}
