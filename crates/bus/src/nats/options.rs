//! How to reach NATS.

use std::path::PathBuf;

use async_nats::{ConnectOptions, ServerAddr};

use crate::error::BusError;
use crate::limits::{
    NATS_CONNECT_TIMEOUT, NATS_HANDOVER_MESSAGES, NATS_OUTGOING_MESSAGES, NATS_PING_EVERY,
    NATS_RECONNECT_PAUSE_MAX,
};

/// How to reach NATS, and as whom.
///
/// `Debug` does not show the address, which may carry a password.
#[derive(Clone)]
pub struct NatsOptions {
    /// One address or several with commas between: `nats://[user:password@]host[:port]`, `tls://…`.
    pub url: String,
    /// Name of this component, shown by the server's monitoring: visible ASCII without dots.
    pub name: String,
    /// Subjects for replies begin with this; the server's permissions keep others out of it. At first
    /// `_INBOX.NAME`.
    pub inbox_prefix: String,
    /// A credentials file (JWT and seed), as `nsc` writes it.
    pub credentials: Option<PathBuf>,
    /// A file with the certificates (PEM) that the server's is checked against, instead of the usual ones.
    pub root_certificates: Option<PathBuf>,
    /// Own subscriptions do not receive what this connection publishes. Then [`crate::Bus::flush`] can
    /// only time out while somebody subscribes to everything (`>`): no confirmation is left to be seen.
    pub no_echo: bool,
}

impl std::fmt::Debug for NatsOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NatsOptions")
            .field("name", &self.name)
            .field("inbox_prefix", &self.inbox_prefix)
            .field("credentials", &self.credentials)
            .field("root_certificates", &self.root_certificates)
            .field("no_echo", &self.no_echo)
            .finish_non_exhaustive()
    }
}

impl NatsOptions {
    /// Options for a component. The address may end with `?credentials=FILE&ca=FILE`, so that one setting
    /// says everything; the files are taken as they stand, without percent-decoding.
    ///
    /// # Errors
    /// [`BusError::Setup`] for a setting after the `?` that does not exist.
    pub fn new(url: &str, name: &str) -> Result<Self, BusError> {
        let (servers, settings) = url.split_once('?').unwrap_or((url, ""));
        let mut options = Self {
            url: servers.to_owned(),
            name: name.to_owned(),
            inbox_prefix: format!("_INBOX.{name}"),
            credentials: None,
            root_certificates: None,
            no_echo: false,
        };
        for setting in settings.split('&').filter(|setting| !setting.is_empty()) {
            match setting.split_once('=') {
                Some(("credentials", file)) => options.credentials = Some(file.into()),
                Some(("ca", file)) => options.root_certificates = Some(file.into()),
                _ => {
                    let name = setting.split('=').next().unwrap_or_default();
                    return Err(BusError::Setup(format!(
                        "the NATS address has a setting {name:?}; known are credentials and ca"
                    )));
                }
            }
        }
        Ok(options)
    }

    pub(super) fn servers(&self) -> Result<Vec<ServerAddr>, BusError> {
        let parse = |address: &str| {
            // The address may hold a password, so the message does not repeat it.
            address.trim().parse::<ServerAddr>().map_err(|problem| {
                BusError::Setup(format!("the NATS address is not of the form nats://HOST:PORT ({problem})"))
            })
        };
        self.url.split(',').map(parse).collect()
    }

    /// Who we are, by the first address that says so: user and password, or a token alone. The client library reads
    /// the address but not this part of it.
    fn login(&self) -> Result<Option<(String, Option<String>)>, BusError> {
        let servers = self.servers()?;
        let Some(server) = servers.iter().find(|server| server.username().is_some()) else { return Ok(None) };
        let decode = |text: &str| {
            percent_decoded(text).ok_or_else(|| {
                BusError::Setup("user and password in the NATS address are not percent-encoded text".into())
            })
        };
        let user = decode(server.username().unwrap_or_default())?;
        Ok(Some((user, server.password().map(decode).transpose()?)))
    }

    pub(super) async fn client(&self) -> Result<ConnectOptions, BusError> {
        let mut client = ConnectOptions::new()
            .name(&self.name)
            .custom_inbox_prefix(&self.inbox_prefix)
            .retry_on_initial_connect()
            .max_reconnects(None)
            .reconnect_delay_callback(pause)
            .connection_timeout(NATS_CONNECT_TIMEOUT)
            .ping_interval(NATS_PING_EVERY)
            .client_capacity(NATS_OUTGOING_MESSAGES)
            .subscription_capacity(NATS_HANDOVER_MESSAGES)
            // Ours are checked at the port, the same for every bus.
            .skip_subject_validation(true);
        if self.no_echo {
            client = client.no_echo();
        }
        client = match self.login()? {
            Some((user, Some(password))) => client.user_and_password(user, password),
            Some((token, None)) => client.token(token),
            None => client,
        };
        if let Some(file) = &self.root_certificates {
            client = client.add_root_certificates(file.clone());
        }
        if let Some(file) = &self.credentials {
            client = client.credentials_file(file).await.map_err(|problem| {
                BusError::Setup(format!("the NATS credentials file {} is no use: {problem}", file.display()))
            })?;
        }
        Ok(client)
    }
}

/// Text with `%20` and the like as what they stand for.
fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
            let value = digit(rest.next())? * 16 + digit(rest.next())?;
            bytes.push(u8::try_from(value).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// Nothing before the first attempt, then 20 ms doubling up to the longest pause. A server that returns
/// spreads its clients by the order in which it accepts them.
fn pause(attempt: usize) -> std::time::Duration {
    let Some(doublings) = attempt.checked_sub(2) else { return std::time::Duration::ZERO };
    let exponent = u32::try_from(doublings.min(10)).unwrap_or(10);
    std::time::Duration::from_millis(20 << exponent).min(NATS_RECONNECT_PAUSE_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_says_everything() {
        let options =
            NatsOptions::new("tls://u:p@a:1,tls://b?credentials=/x/y.creds&ca=ca.pem", "web").unwrap();
        assert_eq!(options.servers().unwrap().len(), 2);
        assert_eq!(options.credentials.as_deref(), Some("/x/y.creds".as_ref()));
        assert_eq!(options.root_certificates.as_deref(), Some("ca.pem".as_ref()));
        assert_eq!(options.inbox_prefix, "_INBOX.web");
        assert!(!format!("{options:?}").contains("u:p"));
        assert!(NatsOptions::new("nats://a?colour=red", "web").is_err());
        assert!(NatsOptions::new("http://a", "web").unwrap().servers().is_err());
    }

    #[test]
    fn user_and_password_are_read_from_the_address() {
        let login = |url: &str| NatsOptions::new(url, "web").unwrap().login();
        assert_eq!(login("nats://a:4222").unwrap(), None);
        let ada = Some(("ada".to_owned(), Some("p@ss: word".to_owned())));
        assert_eq!(login("nats://b,nats://ada:p%40ss%3a%20word@a").unwrap(), ada);
        assert_eq!(login("nats://s3cret@a").unwrap(), Some(("s3cret".into(), None)));
        assert!(login("nats://ada:%zz@a").is_err());
    }

    #[test]
    fn pauses_grow_and_stay_bounded() {
        assert_eq!(pause(1).as_millis(), 0);
        assert_eq!(pause(2).as_millis(), 20);
        assert_eq!(pause(4).as_millis(), 80);
        assert_eq!(pause(usize::MAX), NATS_RECONNECT_PAUSE_MAX);
    }
}
