package io.duramen.wal.benchmarks.workload;

import io.duramen.wal.benchmarks.harness.Parameter;
import io.duramen.wal.benchmarks.harness.Parameters;
import io.duramen.wal.io.Disk;
import java.util.List;

/// What I/O is done, by ours and by fio alike, on files whose blocks are written before.
enum IoPattern {
    /// Random reads through the page cache, which holds the file.
    READ("read", false, "--rw=randread", "--direct=0"),
    /// Random writes through the page cache.
    WRITE("write", false, "--rw=randwrite", "--direct=0"),
    /// As many files as operations in flight; each operation is a write through the page cache to
    /// one of them, one after the other in it, and fdatasync.
    WRITE_SYNC("write+sync", true, "--rw=write", "--direct=0", "--fdatasync=1"),
    /// Random reads past the page cache.
    DIRECT_READ("direct read", false, "--rw=randread", "--direct=1"),
    /// Random writes past the page cache; a device may keep them in a volatile cache.
    DIRECT_WRITE("direct write", false, "--rw=randwrite", "--direct=1"),
    /// Random writes past the page cache, each on the device when it completes (O_DSYNC).
    DIRECT_DSYNC("direct write, dsync", false, "--rw=randwrite", "--direct=1", "--sync=dsync");

    private final String label;
    private final boolean filePerOperation;
    private final List<String> fioArguments;

    IoPattern(String label, boolean filePerOperation, String... fioArguments) {
        this.label = label;
        this.filePerOperation = filePerOperation;
        this.fioArguments = List.of(fioArguments);
    }

    static IoPattern of(Parameters parameters) {
        String wanted = parameters.text(Parameter.PATTERN, "missing");
        for (IoPattern pattern : values()) {
            if (pattern.label.equals(wanted)) {
                return pattern;
            }
        }
        throw new IllegalArgumentException("there is no I/O pattern [" + wanted + "]");
    }

    boolean isFilePerOperation() {
        return filePerOperation;
    }

    boolean isRead() {
        return this == READ || this == DIRECT_READ;
    }

    boolean isDirect() {
        return fioArguments.contains("--direct=1");
    }

    /// When what was written to a direct file is on the device.
    Disk.WriteSync sync() {
        return this == DIRECT_DSYNC ? Disk.WriteSync.EACH_WRITE : Disk.WriteSync.ON_REQUEST;
    }

    List<String> fioArguments() {
        return fioArguments;
    }
}
