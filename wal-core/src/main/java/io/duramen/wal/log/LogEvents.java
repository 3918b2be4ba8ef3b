package io.duramen.wal.log;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/// What logs tell the JDK's Flight Recorder. Those that come with every group are off unless a
/// recording asks for them.
final class LogEvents {
    private LogEvents() {}

    /// An event of one log.
    @Category({"Duramen", "Write-Ahead Log"})
    @StackTrace(false)
    abstract static class OfLog extends Event {
        @Label("Log")
        String log;
    }

    @Name("io.duramen.wal.GroupWritten")
    @Label("Group Written")
    @Description("A group of entries was handed to the operating system")
    @Enabled(false)
    static final class GroupWritten extends OfLog {
        @Label("First Id")
        long firstId;
        @Label("Entries")
        long entries;
        @Label("Bytes")
        @DataAmount
        long bytes;
        @Label("Time")
        @Timespan
        long took;
    }

    @Name("io.duramen.wal.Synced")
    @Label("Synced")
    @Description("All that was written is on the device")
    @Enabled(false)
    static final class Synced extends OfLog {
        @Label("Durable Id")
        long durableId;
        @Label("Time")
        @Timespan
        long took;
    }

    @Name("io.duramen.wal.Rotated")
    @Label("Rotated")
    @Description("The log goes on in another fragment")
    static final class Rotated extends OfLog {
        @Label("First Id")
        long firstId;
    }

    @Name("io.duramen.wal.Recovered")
    @Label("Recovered")
    @Description("A log was opened")
    static final class Recovered extends OfLog {
        @Label("Next Id")
        long nextId;
        @Label("Fragments")
        int fragments;
        @Label("Scanned")
        @DataAmount
        long scannedBytes;
        @Label("Cut")
        @Description("Bytes of a torn write that were zeroed")
        @DataAmount
        long cutBytes;
        @Label("Time")
        @Timespan
        long took;
    }

    @Name("io.duramen.wal.Overloaded")
    @Label("Overloaded")
    @Description("An append was refused, since too much waits for the disk")
    @Enabled(false)
    static final class Overloaded extends OfLog {
    }

    @Name("io.duramen.wal.Poisoned")
    @Label("Poisoned")
    @Description("A write or sync failed, and the log takes no more appends")
    static final class Poisoned extends OfLog {
        @Label("Cause")
        String cause;
    }
}
