//! `switchboard automation credentials NAME`: a user on NATS who may do one automation's work and nothing else.

use super::{check_name, write_new};
use crate::config::Config;
use crate::say::say;
use crate::system::SystemRng;
use anyhow::{Context, Result, bail};
use bcrypt::Version;
use std::fmt::Write as _;
use std::path::Path;
use switchboard_domain::Rng;
use switchboard_wire::permissions::{self, Permissions};

/// Cost of the hash in the server's file, as `htpasswd -C 11`: a tenth of a second for each connection.
const COST: u32 = 11;
/// Bytes of the password before they are spelled in hexadecimal, so that it needs no quoting anywhere.
const PASSWORD_BYTES: usize = 24;
/// Where NATS is, when the configuration does not say.
const ANYWHERE: &str = "nats://HOST:4222";

/// A new user.
struct User {
    name: String,
    password: String,
    hash: String,
    permissions: Permissions,
}

/// Prints the user, or writes it into files.
pub fn run(config: &Config, name: &str, json: bool, out: Option<&Path>) -> Result<()> {
    check_name(name)?;
    let user = User::new(name, &SystemRng)?;
    let address = user.address(config.nats.as_deref().unwrap_or(ANYWHERE));
    let environment = format!("NATS_URL={address}\n");
    let configuration = user.configuration();
    if let Some(folder) = out {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let (secret, server) = (folder.join(format!("{name}.env")), folder.join(format!("{name}.conf")));
        if let Some(taken) = [&secret, &server].into_iter().find(|file| file.exists()) {
            bail!("{} is there already and is left as it is: name another folder", taken.display());
        }
        write_new(&secret, &environment, true)?;
        write_new(&server, &configuration, false)?;
        say(format_args!("{}  for the automation; keep it secret", secret.display()));
        say(format_args!("{}  for nats-server: one of its users", server.display()));
    } else if json {
        say(serde_json::to_string_pretty(&serde_json::json!({
            "user": user.name,
            "password": user.password,
            "url": address,
            "inbox_prefix": permissions::automation_inbox(name),
            "permissions": {
                "publish": user.permissions.publish,
                "subscribe": user.permissions.subscribe,
                "allow_responses": user.permissions.responses,
            },
            "nats_server_user": configuration,
        }))?);
    } else {
        say("# For the automation; keep it secret. The password is not shown again.");
        say(environment);
        say(format_args!("# Subjects for replies must begin with {}.", permissions::automation_inbox(name)));
        say("# For nats-server: one of authorization { users: [ … ] }; then nats-server --signal reload");
        say(configuration);
    }
    Ok(())
}

impl User {
    fn new(automation: &str, rng: &dyn Rng) -> Result<Self> {
        let (mut bytes, mut salt) = ([0; PASSWORD_BYTES], [0; 16]);
        rng.fill(&mut bytes);
        rng.fill(&mut salt);
        let password = bytes.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        let hash = bcrypt::hash_with_salt(&password, COST, salt).context("cannot hash the password")?;
        Ok(Self {
            name: permissions::automation_user(automation),
            // The only prefix that nats-server takes for a hash.
            hash: hash.format_for_version(Version::TwoA),
            password,
            permissions: permissions::of_automation(automation),
        })
    }

    /// Where the automation connects: the first address of those that we know, with its own user.
    fn address(&self, nats: &str) -> String {
        let first = nats.split([',', '?']).next().unwrap_or(nats);
        let (scheme, rest) = first.split_once("://").unwrap_or(("nats", first));
        let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
        format!("{scheme}://{}:{}@{host}", self.name, self.password)
    }

    fn configuration(&self) -> String {
        let permissions = self.permissions.configuration(0);
        format!("{{ user: \"{}\", password: \"{}\", permissions: {permissions} }}\n", self.name, self.hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_one_that_nats_server_reads_and_the_address_has_nobody_elses_password() {
        let user = User::new("shout", &SystemRng).unwrap();
        assert!(user.hash.starts_with("$2a$11$"), "{}", user.hash);
        assert!(bcrypt::verify(&user.password, &user.hash).unwrap());
        assert_eq!(user.password.len(), 2 * PASSWORD_BYTES);
        let address = user.address("tls://serve:secret@a.example:4222,tls://b.example:4222?ca=x.pem");
        assert_eq!(address, format!("tls://automation-shout:{}@a.example:4222", user.password));
        assert_ne!(User::new("shout", &SystemRng).unwrap().password, user.password);
    }
}
