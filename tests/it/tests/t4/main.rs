#[path = "../it/a1_school.rs"]
mod a1_school;
#[path = "../it/a4_scheme.rs"]
mod a4_scheme;
#[path = "../it/l1_people.rs"]
mod l1_people;
