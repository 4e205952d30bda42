//! The stories, named by the rows of the feature table.

mod access;
mod c1_heart_talk;
mod commands;
mod k10_figures;
mod l3_tamper;
