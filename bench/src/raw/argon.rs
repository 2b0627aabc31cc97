//! Comparing passwords, by itself on the tested core: what a sign-in cannot do without.

use anyhow::{Context, anyhow};
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

use super::counted;
use crate::load::Sample;
use crate::place::on_tested_core;
use crate::setting::Setting;
use std::time::Instant;

/// Memory in KiB, passes and lanes, as ours.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const SALT: &[u8; 16] = b"salt of a bench.";
const PASSWORD: &[u8] = b"four quiet cows by the river";

/// Compares one password over and over.
///
/// # Errors
/// Never with these parameters.
pub fn measure(setting: &Setting) -> anyhow::Result<Sample> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| anyhow!("{error}"))?;
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash = argon.hash_password_with_salt(PASSWORD, SALT).map_err(|error| anyhow!("{error}"))?.to_string();
    let compare = || {
        let same = Argon2::default().verify_password(PASSWORD, hash.as_str());
        same.map_err(|error| anyhow!("{error}")).context("the same password is another one")
    };
    on_tested_core(|| {
        let warm = Instant::now() + setting.warm_up;
        while Instant::now() < warm {
            compare()?;
        }
        let (begin, mut done) = (Instant::now(), 0);
        while begin.elapsed() < setting.window {
            compare()?;
            done += 1;
        }
        counted(begin.elapsed(), done, vec![])
    })
}
