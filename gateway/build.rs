//! Has a build for use look again at the browser's app whenever that was built anew. Not the app's build: that is `npm run build` in
//! `web`, before this one.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // In a build for developers the files are read when they are asked for.
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        // A folder that is not there would be looked for by every build; one that is empty is carried as nothing.
        let made = std::fs::create_dir_all("web/dist");
        if made.is_ok() {
            println!("cargo:rerun-if-changed=web/dist");
        }
    }
}
