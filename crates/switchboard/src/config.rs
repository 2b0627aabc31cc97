//! Configuration: flags over environment over file over default.

mod assistant;

use crate::cli::Flags;
use crate::compose;
use anyhow::{Context, Result, anyhow, bail};
use assistant::AssistantFile;
pub use assistant::{AssistantConfig, KEY_VARIABLE};
use serde::Deserialize;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use switchboard_dbmgr::MailTransport;
use switchboard_outbound::Policy;

/// Where `serve` and `web` listen unless told otherwise.
pub const DEFAULT_LISTEN: &str = "127.0.0.1:8080";
/// Where the SQLite file is unless told otherwise.
pub const DEFAULT_DATA: &str = "./switchboard-data";
/// The file that is read if it is there.
pub const DEFAULT_FILE: &str = "./switchboard.toml";

/// The configuration file. Unknown keys are refused, so that a slip does not go unnoticed.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    listen: Option<String>,
    database: Option<String>,
    nats: Option<String>,
    data: Option<PathBuf>,
    public_url: Option<String>,
    metrics_listen: Option<String>,
    trusted_proxies: Vec<IpAddr>,
    sites: Vec<String>,
    limits: Limits,
    files: Files,
    smtp: SmtpFile,
    outbound: OutboundFile,
    assistant: Option<AssistantFile>,
}

/// The mail server, as the file says it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct SmtpFile {
    url: Option<String>,
    from: Option<String>,
}

/// The mail server.
#[derive(Debug, Clone)]
pub struct Smtp {
    /// Where it is.
    pub url: String,
    /// Whom e-mails are from.
    pub from: String,
    /// How people reach us, for links.
    pub public_url: String,
}

/// Limits that an operator may change (contract §6). Zero switches one off.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Messages per second of one visitor.
    pub visitor_messages_per_s: u32,
    /// Messages that one visitor may send at once before that rate counts.
    pub visitor_burst: u32,
    /// Messages per second of one agent.
    pub agent_messages_per_s: u32,
    /// New visitor sessions per minute from one address.
    pub visitor_sessions_per_min: u32,
    /// New visitor sessions at once from one address before that rate counts.
    pub visitor_sessions_burst: u32,
    /// Sockets from one address.
    pub sockets_per_address: u32,
    /// Frames of any kind of one socket per second.
    pub socket_frames_per_s: u32,
    /// Failed sign-ins in a row, of one account from one address, before waiting.
    pub sign_in_failures: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            visitor_messages_per_s: 10,
            visitor_burst: 50,
            agent_messages_per_s: 50,
            visitor_sessions_per_min: 30,
            visitor_sessions_burst: 60,
            sockets_per_address: 100,
            socket_frames_per_s: 100,
            sign_in_failures: 10,
        }
    }
}

/// What files may be in all. Zero switches a limit off.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Files {
    /// Largest file, in MiB.
    pub file_mib: u32,
    /// Files of one message or note.
    pub per_message: u32,
    /// All files of one conversation together, in MiB.
    pub conversation_mib: u32,
    /// Uploads per minute of one visitor.
    pub visitor_uploads_per_min: u32,
    /// What the visitors of one address may upload in an hour, in MiB.
    pub address_mib_per_hour: u32,
}

impl Default for Files {
    fn default() -> Self {
        Self {
            file_mib: 10,
            per_message: 5,
            conversation_mib: 200,
            visitor_uploads_per_min: 20,
            address_mib_per_hour: 500,
        }
    }
}

/// Whom we may ask: servers of web hooks.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct OutboundFile {
    allow_http: bool,
    allow: Vec<String>,
    ca: Option<PathBuf>,
}

/// Whom we may ask beyond servers of the internet over HTTPS.
#[derive(Debug, Clone, Default)]
pub struct Outbound {
    /// Plain HTTP, and private networks.
    pub policy: Policy,
    /// Certificates in PEM that are trusted beside those of the web.
    pub ca: Option<PathBuf>,
}

impl OutboundFile {
    fn checked(self) -> Result<Outbound> {
        let allow = self.allow.iter().map(|text| text.parse().context("outbound.allow"));
        let policy = Policy { http: self.allow_http, allow: allow.collect::<Result<_>>()? };
        Ok(Outbound { policy, ca: self.ca })
    }
}

/// What is in force.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where `serve` and `web` listen.
    pub listen: SocketAddr,
    /// The database.
    pub database: String,
    /// NATS, or none for the bus inside the process; may end with `?credentials=FILE&ca=FILE`.
    pub nats: Option<String>,
    /// How people reach us, when that is not the address.
    pub public_url: Option<String>,
    /// Where metrics are served.
    pub metrics_listen: Option<SocketAddr>,
    /// Proxies whose `X-Forwarded-For` counts.
    pub trusted_proxies: Vec<IpAddr>,
    /// Origins of other sites that may frame the chat.
    pub sites: Vec<String>,
    /// Rates and counts.
    pub limits: Limits,
    /// What files may be in all.
    pub files: Files,
    /// The mail server, if e-mail is sent.
    pub smtp: Option<Smtp>,
    /// Whom we may ask.
    pub outbound: Outbound,
    /// The language model that answers, if there is one.
    pub assistant: Option<AssistantConfig>,
    /// Whether to make accounts for a trial.
    pub demo: bool,
}

impl Config {
    /// Reads the file, if any, and lays flags and environment over it.
    pub fn load(flags: &Flags) -> Result<Self> {
        let file = read_file(flags.config.as_deref())?;
        let listen = flags.listen.clone().or(file.listen).unwrap_or_else(|| DEFAULT_LISTEN.into());
        let data = flags.data.clone().or(file.data).unwrap_or_else(|| DEFAULT_DATA.into());
        let database = flags.database.clone().or(file.database);
        let metrics = flags.metrics_listen.clone().or(file.metrics_listen);
        let public_url = flags.public_url.clone().or(file.public_url).map(|u| origin(&u)).transpose()?;
        let url = flags.smtp_url.clone().or(file.smtp.url).filter(|url| !url.is_empty());
        let from = flags.smtp_from.clone().or(file.smtp.from).filter(|from| !from.is_empty());
        let smtp = smtp(url, from, public_url.as_deref())?;
        Ok(Self {
            listen: address("listen", &listen)?,
            database: database.unwrap_or_else(|| format!("sqlite:{}", data.join("switchboard.db").display())),
            nats: flags.nats.clone().or(file.nats).filter(|url| !url.is_empty()),
            public_url,
            metrics_listen: metrics.map(|m| address("metrics_listen", &m)).transpose()?,
            trusted_proxies: file.trusted_proxies,
            sites: file.sites.iter().map(|s| origin(s)).collect::<Result<_>>()?,
            limits: file.limits,
            files: file.files,
            smtp,
            outbound: file.outbound.checked()?,
            assistant: file
                .assistant
                .map(|file| file.checked(std::env::var(KEY_VARIABLE).ok()))
                .transpose()?,
            demo: flags.demo,
        })
    }

    /// NATS, which single components cannot do without.
    pub fn require_nats(&self, component: &str) -> Result<&str> {
        self.nats.as_deref().with_context(|| {
            format!("{component} is joined to the other components over NATS: give --nats nats://HOST:4222")
        })
    }
}

/// All that e-mail needs, or nothing of it.
fn smtp(url: Option<String>, from: Option<String>, public_url: Option<&str>) -> Result<Option<Smtp>> {
    match (url, from, public_url) {
        (None, None, _) => Ok(None),
        (Some(url), Some(from), Some(public_url)) => {
            MailTransport::new(&url, &from, compose::SMTP_PATIENCE)?;
            Ok(Some(Smtp { url, from, public_url: public_url.to_owned() }))
        }
        (Some(_), None, _) => bail!("say whom e-mail is from: smtp.from, or --smtp-from"),
        (None, Some(_), _) => bail!("say which mail server sends: smtp.url, or --smtp-url"),
        (Some(_), Some(_), None) => bail!("e-mail has links: say how people reach you, --public-url"),
    }
}

fn read_file(given: Option<&Path>) -> Result<File> {
    let path = given.unwrap_or_else(|| Path::new(DEFAULT_FILE));
    if given.is_none() && !path.exists() {
        return Ok(File::default());
    }
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read the configuration file {}", path.display()))?;
    toml::from_str(&text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        anyhow!("mend line {line} of the configuration file {}: {}", path.display(), error.message())
    })
}

fn address(key: &str, text: &str) -> Result<SocketAddr> {
    let wanted = || format!("{key} is an address and a port, such as 127.0.0.1:8080; not {text:?}");
    let named = text.replace("localhost:", "127.0.0.1:");
    named.parse().with_context(wanted)
}

/// Scheme, host and port of a URL, as browsers send them in `Origin`.
fn origin(url: &str) -> Result<String> {
    let url = url.trim_end_matches('/');
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ', ';', ',', '"', '\'']) => {
            Ok(url.to_ascii_lowercase())
        }
        _ => bail!("an origin is http(s)://HOST[:PORT] without a path; not {url:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(file: &Path) -> Flags {
        Flags { config: Some(file.into()), ..Flags::default() }
    }

    fn written(name: &str, text: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("switchboard-config-{name}-{}", std::process::id()));
        std::fs::write(&path, text).unwrap();
        path
    }

    #[test]
    fn a_flag_beats_the_file_and_the_file_the_default() {
        let path = written("order", "listen = \"127.0.0.1:1\"\ndata = \"d\"\n[limits]\nvisitor_burst = 7\n");
        let mut given = flags(&path);
        let config = Config::load(&given).unwrap();
        assert_eq!(config.listen.port(), 1);
        assert_eq!(config.database, "sqlite:d/switchboard.db");
        assert_eq!((config.limits.visitor_burst, config.limits.agent_messages_per_s), (7, 50));
        given.listen = Some("localhost:2".into());
        assert_eq!(Config::load(&given).unwrap().listen.port(), 2);
    }

    #[test]
    fn a_slip_in_the_file_is_named() {
        let path = written("slip", "# mine\nlisen = \"127.0.0.1:1\"\n");
        let error = format!("{:#}", Config::load(&flags(&path)).unwrap_err());
        assert!(error.contains("lisen") && error.contains("line 2") && !error.contains('\n'), "{error}");
    }

    #[test]
    fn origins_have_no_path() {
        assert_eq!(origin("https://Chat.Example.org/").unwrap(), "https://chat.example.org");
        assert!(origin("chat.example.org").is_err() && origin("https://a/b").is_err());
    }
}
