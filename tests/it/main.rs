//! Black-box tests of a started Nashi over HTTP: wiring, access, the mapping of every route, and the
//! repository's own order. Rules are tested in `domain`, each once.

mod tidy;
