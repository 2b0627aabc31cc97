//! Who the site around the chat says that a visitor is: what its server has signed, once the signature is proven.

use crate::account;
use crate::clock::Millis;
use crate::secret::sha256_hex;
use serde::Deserialize;

/// For whom a token must be made: its `aud`.
pub const AUDIENCE: &str = "switchboard";
/// Longest `sub`, in characters.
pub const SUBJECT_CHARS: usize = 255;
/// Longest token, in bytes.
pub const TOKEN_BYTES: usize = 4_096;
/// Keys that are good at once: the old one and the new one.
pub const KEYS: i64 = 2;
/// Browsers in which a visitor is known beside the first one; who comes with one more is forgotten in the oldest.
pub const BROWSERS: i64 = 20;
/// A token may end this long from now at most, in seconds.
const LIFETIME_S: f64 = 24.0 * 3_600.0;
/// How far the site's clock may be from ours, in seconds.
const LEEWAY_S: f64 = 60.0;

/// What a token says; everything else in it is not looked at.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Claims {
    /// What the site calls its user.
    pub sub: String,
    /// The user's name.
    pub name: Option<String>,
    /// The user's e-mail address.
    pub email: Option<String>,
    /// For whom it is.
    pub aud: Audience,
    /// When it ends, in seconds since 1970, as all times in it.
    pub exp: f64,
    /// When it begins.
    pub nbf: Option<f64>,
    /// When it was made.
    pub iat: Option<f64>,
}

/// One or several for whom a token is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    /// One.
    One(String),
    /// Several.
    Several(Vec<String>),
}

impl Audience {
    fn is_ours(&self) -> bool {
        match self {
            Self::One(name) => name == AUDIENCE,
            Self::Several(names) => names.iter().any(|name| name == AUDIENCE),
        }
    }
}

/// Who somebody is, proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// What the site calls its user.
    pub subject: String,
    /// The name, if the site said one.
    pub name: Option<String>,
    /// The e-mail address, if the site said one.
    pub email: Option<String>,
}

impl Identity {
    /// What users are told apart by: byte by byte, whatever a database thinks of case and spaces.
    pub fn key(&self) -> String {
        sha256_hex(self.subject.as_bytes())
    }
}

/// Why a token proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadIdentity {
    /// Not a token as we know them.
    #[error("this is no JWT signed with HS256 that has sub, aud and exp")]
    Form,
    /// Signed with a key that is not ours, or is no more.
    #[error("its kid names no key of this installation; make one in the console under Settings")]
    Key,
    /// The signature is wrong.
    #[error("the signature does not fit the key that its kid names")]
    Signature,
    /// Meant for somebody else.
    #[error("its aud must be \"switchboard\"")]
    Audience,
    /// Over.
    #[error("it has expired (exp); make a new one for each page")]
    Expired,
    /// Good for too long.
    #[error("it is good for too long: exp may be at most 24 hours ahead")]
    Lifetime,
    /// Not good yet.
    #[error("it is not good yet (nbf, iat); compare the clocks")]
    Early,
    /// `sub` is no name.
    #[error("its sub must be 1 to 255 characters on one line")]
    Subject,
    /// `name` is no name.
    #[error("its name must be 1 to 80 characters on one line")]
    Name,
    /// `email` is none.
    #[error("its email must be of the form name@example.org")]
    Email,
}

/// What signed claims say at this time.
///
/// # Errors
/// When they are not for us, not of this time, or say what cannot be.
#[expect(clippy::neg_cmp_op_on_partial_ord, reason = "what is no number must fit nowhere")]
pub fn check(claims: Claims, now: Millis) -> Result<Identity, BadIdentity> {
    #[expect(clippy::cast_precision_loss, reason = "times of this age are exact")]
    let now = now as f64 / 1_000.0;
    let Claims { sub, name, email, aud, exp, nbf, iat } = claims;
    if !aud.is_ours() {
        return Err(BadIdentity::Audience);
    }
    if !(exp + LEEWAY_S > now) {
        return Err(BadIdentity::Expired);
    }
    if !(exp <= now + LIFETIME_S + LEEWAY_S) {
        return Err(BadIdentity::Lifetime);
    }
    if [nbf, iat].into_iter().flatten().any(|from| !(from <= now + LEEWAY_S)) {
        return Err(BadIdentity::Early);
    }
    let fits = !sub.trim().is_empty() && sub.chars().count() <= SUBJECT_CHARS;
    if !fits || sub.chars().any(char::is_control) {
        return Err(BadIdentity::Subject);
    }
    // What a site does not know of its user it may also say as an empty text.
    let said = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let name = said(name).map(|name| account::shown_name(&name)).transpose();
    let email = said(email).map(|email| account::email(&email)).transpose();
    Ok(Identity {
        subject: sub,
        name: name.map_err(|_| BadIdentity::Name)?,
        email: email.map_err(|_| BadIdentity::Email)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Millis = 1_764_000_000_000;
    const NOW_S: f64 = 1_764_000_000.0;

    fn claims() -> Claims {
        Claims {
            sub: "user-7".into(),
            name: Some(" Ann Lee ".into()),
            email: Some("ann@example.org".into()),
            aud: Audience::One(AUDIENCE.into()),
            exp: NOW_S + 300.0,
            nbf: None,
            iat: Some(NOW_S),
        }
    }

    #[test]
    fn what_is_signed_for_us_and_now_is_believed() {
        let identity = check(claims(), NOW).unwrap();
        assert_eq!((identity.subject.as_str(), identity.name.as_deref()), ("user-7", Some("Ann Lee")));
        let several = Audience::Several(vec!["shop".into(), AUDIENCE.into()]);
        assert!(check(Claims { aud: several, ..claims() }, NOW).is_ok());
        let little = Claims { name: None, email: Some(" ".into()), iat: None, ..claims() };
        assert_eq!(check(little, NOW).unwrap().email, None);
        let other = Identity { subject: "user-7 ".into(), ..identity.clone() };
        assert_ne!(identity.key(), other.key(), "a space makes another user");
    }

    #[test]
    fn everything_else_is_refused_with_its_reason() {
        let refused = |claims| check(claims, NOW).unwrap_err();
        for aud in
            [Audience::One("shop".into()), Audience::One("Switchboard".into()), Audience::Several(vec![])]
        {
            assert_eq!(refused(Claims { aud, ..claims() }), BadIdentity::Audience);
        }
        for exp in [NOW_S - 60.0, 0.0, f64::NAN, f64::NEG_INFINITY] {
            assert_eq!(refused(Claims { exp, ..claims() }), BadIdentity::Expired, "{exp}");
        }
        for exp in [NOW_S + LIFETIME_S + 61.0, f64::INFINITY, NOW_S * 1_000.0] {
            assert_eq!(refused(Claims { exp, ..claims() }), BadIdentity::Lifetime, "{exp}");
        }
        for late in [NOW_S + 61.0, f64::NAN] {
            assert_eq!(refused(Claims { nbf: Some(late), ..claims() }), BadIdentity::Early);
            assert_eq!(refused(Claims { iat: Some(late), ..claims() }), BadIdentity::Early);
        }
        for sub in ["", " ", "a\nb", "a\0", &"x".repeat(SUBJECT_CHARS + 1)] {
            assert_eq!(refused(Claims { sub: sub.into(), ..claims() }), BadIdentity::Subject, "{sub:?}");
        }
        assert_eq!(refused(Claims { name: Some("a\nb".into()), ..claims() }), BadIdentity::Name);
        assert_eq!(refused(Claims { email: Some("ann".into()), ..claims() }), BadIdentity::Email);
    }

    #[test]
    fn clocks_may_differ_by_a_minute() {
        assert!(check(Claims { exp: NOW_S - 59.0, ..claims() }, NOW).is_ok());
        let early = Claims { nbf: Some(NOW_S + 59.0), iat: Some(NOW_S + 59.0), ..claims() };
        assert!(check(early, NOW).is_ok());
    }

    proptest! {
        #[test]
        fn who_is_believed_is_of_this_day(sub in ".{0,300}", exp in any::<f64>(), iat in proptest::option::of(any::<f64>())) {
            if let Ok(identity) = check(Claims { sub: sub.clone(), exp, iat, ..claims() }, NOW) {
                prop_assert_eq!(identity.subject, sub);
                prop_assert!((exp - NOW_S).abs() <= LIFETIME_S + LEEWAY_S);
                prop_assert!(iat.is_none_or(|iat| iat <= NOW_S + LEEWAY_S));
            }
        }
    }
}
