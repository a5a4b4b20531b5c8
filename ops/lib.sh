# shellcheck shell=bash
# What the commands of ops/ share: finding out what the machine lacks, installing it, and a Postgres
# that lives no longer than the command. Sourced, never run; it starts nothing by itself.

# Debian keeps servers where only root looks for programs.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

# Whatever is in here is removed in the end; an inherited value must not be.
POSTGRES_FOLDER=

# Says what is being done, to people and to logs alike.
say() { printf '%s\n' "$*" >&2; }

# Gives up with a reason and, where there is one, the way out.
die() {
    say "error: $*"
    exit 1
}

is_root() { [ "$(id -u)" -eq 0 ]; }

has() { command -v "$1" >/dev/null 2>&1; }

# The folder with the newest Postgres programs, or nothing. Debian does not put them on the PATH.
postgres_programs() {
    local folder
    while IFS= read -r folder; do
        if [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ]; then
            printf '%s\n' "$folder"
            return 0
        fi
    done < <(
        printf '%s\n' /usr/lib/postgresql/*/bin | sort -t/ -k5,5nr
        printf '%s\n' /opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin
        dirname "$(command -v postgres || echo /nowhere/postgres)"
    )
    return 1
}

# The Debian packages that the given needs lack on this machine, one a line.
missing_packages() {
    local need
    for need in "$@"; do
        case $need in
            compiler)
                has cc || printf '%s\n' gcc
                # A linker without the C library's start files cannot link anything.
                [ "$(uname)" != Linux ] || [ -e /usr/include/stdlib.h ] || printf '%s\n' libc6-dev
                ;;
            postgres)
                postgres_programs >/dev/null || printf '%s\n' "$(postgres_package)"
                ;;
            python)
                # `venv` can be imported without the package; what is then missing is pip for it.
                python3 -c 'import venv, ensurepip' 2>/dev/null || printf '%s\n' python3-venv
                ;;
            nats) has nats-server || printf '%s\n' nats-server ;;
            nginx) has nginx || printf '%s\n' nginx-light ;;
            haproxy) has haproxy || printf '%s\n' haproxy ;;
            # Another time of day for one process.
            clock) [ "$(uname)" != Linux ] || has faketime || printf '%s\n' faketime ;;
            # Time-based codes by somebody else than us.
            codes) has oathtool || printf '%s\n' oathtool ;;
            # A browser with an authenticator, for passkeys.
            browser) has chromium || printf '%s\n' chromium ;;
            certificates)
                [ -e /etc/ssl/certs/ca-certificates.crt ] || [ "$(uname)" != Linux ] || printf '%s\n' ca-certificates
                ;;
            *) die "a need that ops/lib.sh does not know: $need" ;;
        esac
    done
}

# Debian 12 has Postgres 15, which everything here is written for; a later release brings its own.
postgres_package() {
    if apt-cache show postgresql-15 >/dev/null 2>&1; then echo postgresql-15; else echo postgresql; fi
}

# Installs what the given needs lack, or says which command does. Asks nothing.
install_missing() {
    local packages=() package become=()
    is_root || become=(sudo -n)
    if has apt-get && [ -n "$(missing_packages "$@")" ] && { is_root || sudo -n true 2>/dev/null; }; then
        # Before the names are settled: which Postgres there is, only a fresh list can tell.
        "${become[@]}" apt-get update -qq
    fi
    while IFS= read -r package; do packages+=("$package"); done < <(missing_packages "$@")
    [ "${#packages[@]}" -gt 0 ] || return 0
    has apt-get || die "these are missing, under the names that Debian gives them: ${packages[*]}"
    is_root || sudo -n true 2>/dev/null ||
        die "these Debian packages are missing: ${packages[*]}; install them with
    sudo apt-get install -y --no-install-recommends ${packages[*]}
Debian starts the servers among them at once and at every boot; who does not want that goes on with
    sudo systemctl disable --now nats-server nginx haproxy"

    say "Installing ${packages[*]} …"
    install_quietly "${packages[@]}" || die "apt-get could not install ${packages[*]}"
}

# Installs packages without any server that they bring being started, now or at the next boot: nobody asked for one.
# What is set for that is taken away again, also when this is interrupted, so that what the machine does afterwards is as
# it was. A shell of its own, for its traps.
install_quietly() (
    postgres=/etc/postgresql-common/createcluster.d/nashi.conf policy=/usr/sbin/policy-rc.d made='' services=()
    for package in "$@"; do
        case $package in
            nats-server | haproxy) services+=("$package") ;;
            nginx-light) services+=(nginx) ;;
        esac
    done
    # shellcheck disable=SC2317
    as_it_was() {
        local service
        "${become[@]}" rm -f "$postgres" ${made:+"$made"}
        for service in "${services[@]}"; do
            # With and without systemd; where neither is at home there is no boot to start anything.
            "${become[@]}" systemctl disable "$service" >/dev/null 2>&1 ||
                "${become[@]}" update-rc.d "$service" disable >/dev/null 2>&1 || true
        done
    }
    trap as_it_was EXIT
    trap 'exit 130' INT TERM HUP
    # Debian would create and start a cluster of its own.
    "${become[@]}" mkdir -p "${postgres%/*}"
    echo 'create_main_cluster = false' | "${become[@]}" tee "$postgres" >/dev/null
    # What packages ask before they start a service; images of containers have one that says no already.
    if [ ! -e "$policy" ]; then
        made=$policy
        printf '#!/bin/sh\nexit 101\n' | "${become[@]}" tee "$policy" >/dev/null
        "${become[@]}" chmod 755 "$policy"
    fi
    "${become[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "$@" >&2
)

# Cargo, wherever rustup put it.
need_rust() {
    # A login shell knows the folder; what is started from elsewhere may not.
    has cargo || [ ! -x "$HOME/.cargo/bin/cargo" ] || export PATH="$HOME/.cargo/bin:$PATH"
    has cargo || die "Rust is missing; https://rustup.rs tells how to install it"
}

# The given commands of cargo that rustup brings as components of their own; a missing one is fetched.
need_components() {
    local component
    for component in "$@"; do
        cargo "$component" --version >/dev/null 2>&1 && continue
        [ "$component" != fmt ] || component=rustfmt
        rustup component add "$component" >&2 || die "cargo has no $component, and rustup could not add it"
    done
}

# Node.js with npm, new enough for what builds the app.
need_node() {
    has npm || die "Node.js is missing; https://nodejs.org tells how to install it"
    node -e 'const [major, minor] = process.versions.node.split(".").map(Number); process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)' ||
        die "Node.js is too old: 20.19 or later is needed, this is $(node --version)"
}

# What the app is built with, as its lock file says.
install_web() {
    need_node
    [ gateway/web/node_modules/.package-lock.json -nt gateway/web/package-lock.json ] && return 0
    say 'Installing what the app is built with …'
    # Nothing of it is published, so nobody is asked for money or audits by every build.
    (cd gateway/web && npm ci --no-fund --no-audit --loglevel=error >&2)
}

# The browser's app, built where it is missing or older than its sources. The binary carries it, so this comes before cargo.
build_web() {
    install_web
    local made=gateway/web/dist/index.html
    [ ! -e "$made" ] || [ -n "$(find gateway/web -path gateway/web/node_modules -prune -o -path gateway/web/dist -prune -o \
        -path gateway/web/test-results -prune -o -type f -newer "$made" ! -name schema.d.ts -print -quit)" ] || return 0
    say "Building the browser's app …"
    (cd gateway/web && npm run --silent build >&2)
}

# Runs a program as the user that Postgres may run as: itself, or for root (whom it refuses) `postgres`.
as_postgres() {
    if is_root; then runuser -u postgres -- "$@"; else "$@"; fi
}

# Starts a Postgres with the given options in a new temporary folder, below POSTGRES_PARENT where that is set.
# Sets POSTGRES_FOLDER and POSTGRES_URL. It ends with `stop_postgres`, or with this shell at the latest.
start_postgres() {
    local programs options=("$@") tries=0
    programs=$(postgres_programs) || die "Postgres is not installed"
    # Under root's own TMPDIR the user `postgres` might not reach it; a socket's path must stay short.
    if is_root; then POSTGRES_FOLDER=$(mktemp -d "${POSTGRES_PARENT:-/tmp}/nashi-postgres.XXXXXX")
    else POSTGRES_FOLDER=$(mktemp -d "${POSTGRES_PARENT:-${TMPDIR:-/tmp}}/nashi-postgres.XXXXXX"); fi
    ! is_root || chown postgres "$POSTGRES_FOLDER"
    as_postgres "$programs/initdb" -D "$POSTGRES_FOLDER/data" -U nashi -A trust -E UTF8 --locale=C.UTF-8 \
        --no-sync >"$POSTGRES_FOLDER/initdb.log" 2>&1 || die "initdb failed: $(tail -n 3 "$POSTGRES_FOLDER/initdb.log")"

    local leash=()
    # The kernel stops it when this shell is killed outright; otherwise the trap does.
    ! has setpriv || leash=(setpriv --pdeathsig INT)
    ! { is_root && has setpriv; } ||
        leash=(setpriv --reuid postgres --regid "$(id -g postgres)" --init-groups --pdeathsig INT)
    [ "${#leash[@]}" -gt 0 ] || ! is_root || leash=(runuser -u postgres --)
    # A session of its own: an interrupt at the terminal must reach the tests first.
    ! has setsid || leash=(setsid "${leash[@]}")
    "${leash[@]}" "$programs/postgres" -D "$POSTGRES_FOLDER/data" \
        -c listen_addresses= -c "unix_socket_directories=$POSTGRES_FOLDER" -c max_connections=300 \
        "${options[@]}" >"$POSTGRES_FOLDER/postgres.log" 2>&1 </dev/null &
    until as_postgres "$programs/pg_isready" -q -h "$POSTGRES_FOLDER"; do
        tries=$((tries + 1))
        [ "$tries" -lt 300 ] || die "Postgres did not start: $(tail -n 3 "$POSTGRES_FOLDER/postgres.log")"
        sleep 0.1
    done
    export POSTGRES_URL="postgres://nashi@localhost/postgres?host=$POSTGRES_FOLDER"
}

# Stops the Postgres of `start_postgres`, by the process number that it wrote down, and removes its folder.
stop_postgres() {
    local pid tries=0
    [ -n "${POSTGRES_FOLDER:-}" ] || return 0
    pid=$(head -n 1 "$POSTGRES_FOLDER/data/postmaster.pid" 2>/dev/null) || pid=
    if [ -n "$pid" ]; then
        kill -INT "$pid" 2>/dev/null || true
        while kill -0 "$pid" 2>/dev/null; do
            tries=$((tries + 1))
            if [ "$tries" -eq 100 ]; then kill -QUIT "$pid" 2>/dev/null || true; fi
            [ "$tries" -lt 150 ] || break
            sleep 0.1
        done
    fi
    rm -rf "$POSTGRES_FOLDER"
    POSTGRES_FOLDER=
}
