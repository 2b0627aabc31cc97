//! The way to the mail server.

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::Error as SmtpError;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::time::{Duration, SystemTime};
use switchboard_domain::Millis;
use switchboard_domain::mail::{Letter, reason};
use tokio::time::timeout;

/// Replies that are about us and not about an e-mail: no mail is taken here, and those about signing in (RFC 7504,
/// RFC 4954).
const OF_US: [u16; 5] = [521, 530, 534, 535, 538];

/// Why e-mail cannot be used as it is configured.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadSmtp {
    /// The server's address.
    #[error("smtp.url is smtps://[USER:PASSWORD@]HOST[:PORT], or smtp://… with ?tls=required: {0}")]
    Url(String),
    /// The sender's.
    #[error("smtp.from is an e-mail address, or a name and one: Support <help@example.org>")]
    From,
    /// The server does not answer as it should.
    #[error("the mail server does not do: {0}")]
    Server(String),
}

/// Why an e-mail was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NotSent {
    /// It will not be taken later either.
    Never(String),
    /// It may be.
    NotNow(String),
}

/// What is to be sent.
#[derive(Debug, Clone)]
pub(crate) struct Outgoing {
    /// What makes the Message-ID, the same at each attempt.
    pub(crate) id: String,
    /// To whom.
    pub(crate) to: String,
    /// The rest.
    pub(crate) letter: Letter,
    /// Where a mail program ends such e-mails by itself (RFC 8058).
    pub(crate) unsubscribe: Option<String>,
    /// Its date.
    pub(crate) at: Millis,
}

/// The way to the mail server; a connection for each e-mail.
#[derive(Clone)]
pub struct Transport {
    smtp: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    patience: Duration,
}

impl Transport {
    /// # Errors
    /// When an address is none.
    pub fn new(url: &str, from: &str, patience: Duration) -> Result<Self, BadSmtp> {
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|error| BadSmtp::Url(reason(&error.to_string())))?;
        let from: Mailbox = from.parse().map_err(|_| BadSmtp::From)?;
        Ok(Self { smtp: builder.timeout(Some(patience)).build(), from, patience })
    }

    /// Whether the server answers.
    ///
    /// # Errors
    /// What it says, or that it says nothing.
    pub async fn check(&self) -> Result<(), BadSmtp> {
        match timeout(self.patience, self.smtp.test_connection()).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err(BadSmtp::Server("it answers, and refuses".into())),
            Ok(Err(error)) => Err(BadSmtp::Server(said(&error))),
            Err(_) => Err(BadSmtp::Server("no answer in time".into())),
        }
    }

    /// Sends one, or says why not.
    pub(crate) async fn send(&self, mail: &Outgoing) -> Result<(), NotSent> {
        let message = self.message(mail).map_err(NotSent::Never)?;
        match timeout(self.patience, self.smtp.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) if self.is_final(&error).await => Err(NotSent::Never(said(&error))),
            Ok(Err(error)) => Err(NotSent::NotNow(said(&error))),
            Err(_) => Err(NotSent::NotNow("the mail server did not answer in time".into())),
        }
    }

    /// Whether it was this e-mail that the server will never take. A server that refuses us altogether, because of a wrong
    /// password or a name that it does not know, says 5xx as well; that is mended by whoever runs it, and must not cost
    /// an e-mail. The error does not tell at which command it came, so the server is asked whether it lets us in.
    async fn is_final(&self, error: &SmtpError) -> bool {
        let Some(code) = error.status().filter(|_| error.is_permanent()) else { return false };
        let code: u16 = code.into();
        !OF_US.contains(&code) && self.check().await.is_ok()
    }

    fn message(&self, mail: &Outgoing) -> Result<Message, String> {
        let to: Address = mail.to.parse().map_err(|_| format!("{} is no e-mail address", mail.to))?;
        let at = SystemTime::UNIX_EPOCH + Duration::from_millis(mail.at.unsigned_abs());
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(mail.letter.subject.clone())
            .date(at)
            .message_id(Some(format!("<{}@{}>", mail.id, self.from.email.domain())))
            .multipart(MultiPart::alternative_plain_html(mail.letter.plain.clone(), mail.letter.html.clone()))
            .map_err(|error| reason(&error.to_string()))?;
        let headers = message.headers_mut();
        // So that no machine answers it (RFC 3834).
        headers.insert_raw(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".into(),
        ));
        if let Some(url) = &mail.unsubscribe {
            let name = HeaderName::new_from_ascii_str("List-Unsubscribe");
            headers.insert_raw(HeaderValue::new(name, format!("<{url}>")));
            let name = HeaderName::new_from_ascii_str("List-Unsubscribe-Post");
            headers.insert_raw(HeaderValue::new(name, "List-Unsubscribe=One-Click".into()));
        }
        Ok(message)
    }
}

fn said(error: &SmtpError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(deeper) = cause {
        text = format!("{text}: {deeper}");
        cause = deeper.source();
    }
    reason(&text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use switchboard_domain::mail::{Quote, Words, letter};

    const PATIENCE: Duration = Duration::from_secs(1);

    fn transport() -> Transport {
        Transport::new("smtp://127.0.0.1:1", "Support <help@example.org>", PATIENCE).unwrap()
    }

    fn outgoing(to: &str) -> Outgoing {
        let quote = Quote { name: "Zoë\r\nBcc: all@example.org".into(), text: "hello\r\n.\r\nQUIT".into() };
        Outgoing {
            id: "m1".into(),
            to: to.into(),
            letter: letter(
                &[quote],
                "https://chat.example/chat#mail=1",
                "https://chat.example/chat#stop-mail=2",
                Words::of(None),
            ),
            unsubscribe: Some("https://chat.example/stop/2".into()),
            at: 1_764_000_000_000,
        }
    }

    #[test]
    fn nobody_adds_a_header_or_a_recipient() {
        let message = transport().message(&outgoing("ann@example.org")).unwrap();
        let text = String::from_utf8(message.formatted()).unwrap();
        let head = text.split("\r\n\r\n").next().unwrap();
        assert!(!head.lines().any(|line| line.to_ascii_lowercase().starts_with("bcc")), "{head}");
        assert!(head.contains("Message-ID: <m1@example.org>") && head.contains("Auto-Submitted"), "{head}");
        assert_eq!(message.envelope().to().len(), 1);
        for bad in ["a@b.org\r\nRCPT TO:<x@y>", "", "a", "a@b, c@d", "<a@b>", "a@b\0.org"] {
            assert!(transport().message(&outgoing(bad)).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn addresses_are_looked_at_when_it_starts() {
        let new = |url, from| Transport::new(url, from, PATIENCE).map(drop);
        assert!(matches!(new("mail.example.org", "a@b.org"), Err(BadSmtp::Url(_))));
        assert!(matches!(new("https://mail.example.org", "a@b.org"), Err(BadSmtp::Url(_))));
        assert_eq!(new("smtp://mail.example.org", "support"), Err(BadSmtp::From));
        assert_eq!(new("smtps://user:pass@mail.example.org", "a@b.org"), Ok(()));
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_may_be_later() {
        let result = transport().send(&outgoing("ann@example.org")).await;
        assert!(matches!(result, Err(NotSent::NotNow(_))), "{result:?}");
        assert!(transport().check().await.is_err());
    }
}
