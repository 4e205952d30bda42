//! What is looked at as a whole: the child's file, the class board with the care calendar, the school's dashboard, search.

use tx_web::Route;

pub static ROUTES: &[Route] = &[];
