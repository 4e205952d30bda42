//! Pairing of helpers and children, and the yearly check of helpers.

pub mod tables;
