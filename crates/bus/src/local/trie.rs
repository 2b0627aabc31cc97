//! Patterns in a tree, a level per token, so that a publish looks only at what can match.

use std::collections::HashMap;

/// A tree of patterns with values hanging on them.
#[derive(Debug)]
pub(super) struct Trie<T> {
    literal: HashMap<Box<str>, Trie<T>>,
    star: Option<Box<Trie<T>>>,
    rest: Vec<T>,
    here: Vec<T>,
}

impl<T> Default for Trie<T> {
    fn default() -> Self {
        Self { literal: HashMap::new(), star: None, rest: Vec::new(), here: Vec::new() }
    }
}

impl<T> Trie<T> {
    /// Hangs a value on a checked pattern.
    pub(super) fn insert(&mut self, pattern: &str, value: T) {
        let mut node = self;
        for token in pattern.split('.') {
            match token {
                ">" => {
                    node.rest.push(value);
                    return;
                }
                "*" => node = node.star.get_or_insert_default(),
                token => node = node.literal.entry(token.into()).or_default(),
            }
        }
        node.here.push(value);
    }

    /// Takes away the values on this pattern that `gone` picks, and branches that became empty.
    pub(super) fn remove(&mut self, pattern: &str, gone: &impl Fn(&T) -> bool) {
        let (token, tail) = match pattern.split_once('.') {
            Some((token, tail)) => (token, Some(tail)),
            None => (pattern, None),
        };
        if token == ">" {
            self.rest.retain(|value| !gone(value));
            return;
        }
        let branch = match token {
            "*" => self.star.as_deref_mut(),
            token => self.literal.get_mut(token),
        };
        let Some(branch) = branch else { return };
        match tail {
            Some(tail) => branch.remove(tail, gone),
            None => branch.here.retain(|value| !gone(value)),
        }
        if branch.is_empty() {
            match token {
                "*" => self.star = None,
                token => {
                    self.literal.remove(token);
                }
            }
        }
    }

    /// Visits the values of all patterns that match a checked subject.
    pub(super) fn visit<'a>(&'a self, subject: &str, found: &mut impl FnMut(&'a T)) {
        let (token, tail) = match subject.split_once('.') {
            Some((token, tail)) => (token, Some(tail)),
            None => (subject, None),
        };
        self.rest.iter().for_each(&mut *found);
        for branch in [self.literal.get(token), self.star.as_deref()].into_iter().flatten() {
            match tail {
                Some(tail) => branch.visit(tail, found),
                None => branch.here.iter().for_each(&mut *found),
            }
        }
    }

    fn is_empty(&self) -> bool {
        self.literal.is_empty() && self.star.is_none() && self.rest.is_empty() && self.here.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::subject::matches;

    #[test]
    fn the_tree_finds_what_matching_one_by_one_finds() {
        let tokens = ["a", "b", "*", ">"];
        let mut patterns = vec![];
        for one in tokens {
            patterns.push(one.to_owned());
            for two in tokens.iter().filter(|_| one != ">") {
                patterns.push(format!("{one}.{two}"));
                for three in tokens.iter().filter(|_| *two != ">") {
                    patterns.push(format!("{one}.{two}.{three}"));
                }
            }
        }
        let mut trie = Trie::default();
        for pattern in &patterns {
            trie.insert(pattern, pattern.clone());
        }
        for subject in ["a", "c", "a.b", "b.a", "c.c", "a.b.a", "c.a.b", "a.b.c.d"] {
            let mut found = vec![];
            trie.visit(subject, &mut |pattern| found.push(pattern.clone()));
            found.sort();
            let mut wanted: Vec<_> = patterns.iter().filter(|p| matches(p, subject)).cloned().collect();
            wanted.sort();
            assert_eq!(found, wanted, "{subject}");
        }
        for pattern in &patterns {
            trie.remove(pattern, &|value| value == pattern);
        }
        assert!(trie.is_empty());
    }
}
