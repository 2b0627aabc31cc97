//! How the program is linked that is packaged.

use std::env::var;
use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let set = |key| var(key).unwrap_or_default();
    let gnu = set("CARGO_CFG_TARGET_OS") == "linux" && set("CARGO_CFG_TARGET_ENV") == "gnu";
    // `…/PROFILE/build/PACKAGE/out`: Cargo names the profile nowhere else.
    let out = set("OUT_DIR");
    let dist = Path::new(&out).ancestors().nth(3).is_some_and(|profile| profile.ends_with("dist"));
    // A megabyte of addresses that are moved at the start becomes some kilobytes.
    if gnu && dist && glibc().is_some_and(|version| version >= (2, 36)) {
        println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

/// This machine's; from 2.36 on it moves packed addresses.
fn glibc() -> Option<(u32, u32)> {
    let said = Command::new("getconf").arg("GNU_LIBC_VERSION").output().ok()?;
    let (major, minor) = str::from_utf8(&said.stdout).ok()?.trim().strip_prefix("glibc ")?.split_once('.')?;
    Some((major.parse().ok()?, minor.split('.').next()?.parse().ok()?))
}
