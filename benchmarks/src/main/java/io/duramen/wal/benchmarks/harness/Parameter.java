package io.duramen.wal.benchmarks.harness;

/// What can differ between two cases of a target. A case that leaves one out takes the default of
/// whatever is measured.
public enum Parameter {
    /// Bytes of each entry's payload.
    PAYLOAD("payload"),
    /// Threads that append at the same time, each waiting for its own answer.
    CALLERS("callers"),
    /// `written` or `synced`: what an answer promises.
    DURABILITY("durability"),
    /// `virtual` where each caller is a virtual thread, else it is one of the operating system's.
    THREADS("threads"),
    /// I/O driver of ours, as our settings spell it.
    DRIVER("driver"),
    /// I/O mode of ours, as our settings spell it.
    MODE("mode"),
    /// `blocking` where a caller waits for each answer, `pipelined` where it does not.
    API("api"),
    /// `off` where what is only written is not synced in the background.
    BACKGROUND_SYNC("background sync"),
    /// Entries per second that arrive, over all callers.
    RATE("rate"),
    /// Bytes of a fragment of ours.
    FRAGMENT("fragment"),
    /// Bytes of payload that are in the log before it is measured.
    LOG_SIZE("log"),
    /// Logs that are open at the same time.
    LOGS("logs"),
    /// How the log was left: `closed`, or `killed` with what was appended last not synced.
    LEFT("left"),
    /// `in-place` where a reader looks at bytes where they lie, `copied` where it takes an array.
    ACCESS("access"),
    /// Which I/O: `write`, `read`, or `write+sync`.
    PATTERN("pattern"),
    /// I/O operations in flight.
    DEPTH("depth"),
    /// Bytes of one I/O operation.
    BLOCK("block"),
    /// `hot` where the files are in the page cache, `cold` where they are not.
    CACHE("cache");

    private final String label;

    Parameter(String label) {
        this.label = label;
    }

    /// What tables call it.
    public String label() {
        return label;
    }

    /// Its value as tables show it.
    public String show(String value) {
        return switch (this) {
            case PAYLOAD, FRAGMENT, LOG_SIZE, BLOCK -> Quantity.bytes(Long.parseLong(value));
            case RATE -> value + "/s";
            default -> value;
        };
    }
}
