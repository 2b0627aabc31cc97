//! Real servers, temporary databases and clients for the tests.
