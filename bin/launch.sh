# shellcheck shell=sh
# Sourced by launchers: finds a JDK, builds when a source is newer than the jar, then becomes java.
# They set, and then call `launch` with the arguments of the program:
#
#   name     what is started, for messages
#   home     the repository's root
#   modules  what it is made of, folders below home
#   jar      what is started, in the target folder of one of them
#
# The environment may have JAVA_HOME and WAL_JAVA_OPTS, see ../wal.
# shellcheck disable=SC2154 # set by whoever sources this

java_min=25

fail() {
    echo "$name: $*" >&2
    exit 1
}

# The first argument is a JDK that is new enough and has the tool named by the second. Reads the
# version from the file "release", which is faster than starting every JVM.
is_jdk() {
    [ -x "$1/bin/$2" ] && [ -r "$1/release" ] || return 1
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in
            JAVA_VERSION=*)
                version=${line#JAVA_VERSION=}
                version=${version#\"}
                version=${version%%[!0-9]*}
                [ -n "$version" ] && [ "$version" -ge "$java_min" ]
                return
                ;;
        esac
    done < "$1/release"
    return 1
}

# The JDK that the command of this name on the PATH belongs to, through its symbolic links.
jdk_of_path() {
    tool=$(command -v "$1" 2> /dev/null) || return 1
    while [ -h "$tool" ]; do
        link=$(readlink "$tool")
        case $link in
            /*) tool=$link ;;
            *) tool=$(dirname "$tool")/$link ;;
        esac
    done
    bin=$(dirname "$tool")
    echo "${bin%/bin}"
}

# Sets jdk to one that has the given tool: "java" runs, "javac" builds as well.
find_jdk() {
    for jdk in "${JAVA_HOME:-}" "$(jdk_of_path "$1" || :)" \
        /usr/lib/jvm/* /opt/* /opt/java/* /usr/java/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home \
        "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
        "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/*; do
        if [ -n "$jdk" ] && is_jdk "$jdk" "$1"; then
            return 0
        fi
    done
    return 1
}

# True when there is no jar, or something it is made from is newer. Folders count: deleting a file
# touches its folder.
is_stale() {
    [ -f "$jar" ] || return 0
    set -- "$home/pom.xml"
    for module in $modules; do
        set -- "$@" "$home/$module/pom.xml" "$home/$module/src/main"
    done
    [ -n "$(find "$@" -newer "$jar" -print -quit)" ]
}

build() {
    find_jdk javac || fail "needs a JDK $java_min or newer to build and found none:" \
        "install one, for example from https://adoptium.net, or point JAVA_HOME at one"
    command -v mvn > /dev/null 2>&1 || fail "needs Maven to build and 'mvn' is not on the PATH:" \
        "install Maven 3.8 or newer"
    if [ -f "$jar" ]; then
        echo "Building $name (sources changed)..." >&2
    else
        echo "Building $name (first use)..." >&2
    fi
    output=$home/target/wal-build.log
    : > "$home/target/wal-build.started"
    wanted=
    for module in $modules; do
        wanted=$wanted,$module
    done
    # No tests, and no layout check: who edits a source may run it before it is formatted. Maven runs
    # on the JDK found here, which need not be where its own search looks; its libraries call what
    # that JDK warns about.
    quiet='--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow'
    if ! (cd "$home" && JAVA_HOME=$jdk MAVEN_OPTS="${MAVEN_OPTS:-} $quiet" mvn -B -q -pl "${wanted#,}" -Dmaven.test.skip=true \
        -Dformatter.skip=true package) > "$output" 2>&1 < /dev/null; then
        cat "$output" >&2
        fail "the build failed, see above; 'mvn verify' in $home shows all of it"
    fi
    # A source saved while the build ran is newer than this, so it is not missed.
    touch -r "$home/target/wal-build.started" "$jar"
}

# One build at a time; whoever waited finds it done. The lock goes with its holder: flock's with
# the process, the folder's when the process it names is gone.
build_alone() {
    mkdir -p "$home/target" || fail "cannot build in $home: the folder is not writable"
    lock=$home/target/wal-build.lock
    if command -v flock > /dev/null 2>&1; then
        (
            flock 9
            if is_stale; then
                build 9>&-
            fi
        ) 9> "$lock" || exit 1
        return
    fi
    nameless=0
    until mkdir "$lock.d" 2> /dev/null; do
        holder=$(cat "$lock.d/pid" 2> /dev/null || :)
        if [ -z "$holder" ]; then
            nameless=$((nameless + 1)) # its holder ended before it could leave its name
        fi
        if [ "$nameless" -gt 5 ] || { [ -n "$holder" ] && ! kill -0 "$holder" 2> /dev/null; }; then
            rm -rf "$lock.d"
            nameless=0
        else
            sleep 1
        fi
    done
    trap 'rm -rf "$lock.d"' EXIT
    trap 'exit 1' HUP INT TERM
    echo $$ > "$lock.d/pid"
    if is_stale; then
        build
    fi
    rm -rf "$lock.d"
    trap - EXIT HUP INT TERM
}

launch() {
    if is_stale; then
        build_alone
    fi
    find_jdk java || fail "needs Java $java_min or newer and found none:" \
        "install a JDK, for example from https://adoptium.net, or point JAVA_HOME at one"

    # Standard output belongs to the command, so the JVM's own warnings go to standard error. The serial
    # collector starts fastest; the compilers are left alone, large appends need all of them.
    # shellcheck disable=SC2086 # WAL_JAVA_OPTS is a list
    exec "$jdk/bin/java" \
        --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
        -Xlog:disable -Xlog:all=warning:stderr \
        -XX:+UseSerialGC \
        ${WAL_JAVA_OPTS:-} -jar "$jar" "$@"
}
