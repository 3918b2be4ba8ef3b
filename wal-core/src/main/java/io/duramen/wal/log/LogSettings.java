package io.duramen.wal.log;

import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.fragment.OpenGroup;
import java.time.Duration;
import java.util.Objects;

/// How one log behaves. Immutable; start from [#defaults()] and change what differs.
///
/// @param ioMode how groups get into the file
/// @param fragmentSizeBytes size of each fragment file, allocated whole: a multiple of 4096, from
///     12 KiB to 32 GiB; also bounds the largest entry
/// @param fragmentEntriesMax a fragment is rotated when it holds this many entries, at least 1
/// @param fragmentAgeMax a fragment is rotated by the first append after this time since its
///     creation; zero for never
/// @param durability what an append promises that does not say otherwise; readers see what it
///     promises
/// @param pendingBytesMax bytes of entries, as they lie in the file (8 more for each, and padding),
///     that may wait for the disk; beyond it appends wait
/// @param admissionTimeout how long an append waits for room before it is refused with `Overloaded`
/// @param unsyncedBytesMax bytes that may be written and not synced before a sync is started
/// @param unsyncedDelayMax time after which written bytes are synced in the background
/// @param retention what is dropped from the log's head
/// @param standby how the next fragment files are made ready
/// @param epoch the writer's epoch, 1 or more: a writer with a lower one than any before it is
///     refused; 0 for the one after the highest there was
/// @param reorder what becomes of conditional appends that come before their turn
public record LogSettings(IoMode ioMode, long fragmentSizeBytes, long fragmentEntriesMax,
        Duration fragmentAgeMax,
        Durability durability, long pendingBytesMax, Duration admissionTimeout,
        long unsyncedBytesMax,
        Duration unsyncedDelayMax, RetentionSettings retention, StandbySettings standby, long epoch,
        ReorderSettings reorder) {
    private static final LogSettings DEFAULTS =
            new LogSettings(IoMode.AUTO, 64L << 20, 4L << 20, Duration.ZERO, Durability.SYNCED,
                    16L << 20, Duration.ofSeconds(10), 8L << 20, Duration.ofMillis(200),
                    RetentionSettings.OFF, StandbySettings.defaults(), 0, ReorderSettings.OFF);

    /// @throws IllegalArgumentException when a value is out of its range
    public LogSettings {
        Objects.requireNonNull(ioMode, "ioMode");
        new FragmentGeometry(fragmentSizeBytes); // checks the size
        require(fragmentEntriesMax >= 1, "fragmentEntriesMax", fragmentEntriesMax, "at least 1");
        require(!fragmentAgeMax.isNegative(), "fragmentAgeMax", fragmentAgeMax, "zero or more");
        Objects.requireNonNull(durability, "durability");
        require(pendingBytesMax >= 1, "pendingBytesMax", pendingBytesMax, "at least 1");
        require(!admissionTimeout.isNegative(), "admissionTimeout", admissionTimeout,
                "zero or more");
        require(unsyncedBytesMax >= 1, "unsyncedBytesMax", unsyncedBytesMax, "at least 1");
        require(unsyncedDelayMax.toMillis() >= 1, "unsyncedDelayMax", unsyncedDelayMax,
                "at least 1 ms");
        require(epoch >= 0, "epoch", epoch, "zero or more");
        Objects.requireNonNull(reorder, "reorder");
        require(retention.sizeBytes() == 0 || retention.sizeBytes() >= 2 * fragmentSizeBytes,
                "retention by size", retention.sizeBytes(), "at least two fragments, which are "
                        + 2 * fragmentSizeBytes + " bytes: the one that grows counts in full, and"
                        + " is never dropped");
    }

    private static void require(boolean holds, String name, Object value, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is " + value + ", it must be " + rule);
        }
    }

    /// I/O mode `auto`, fragments of 64 MiB or 4 Mi entries of any age, `SYNCED`, 16 MiB may wait
    /// for 10 s at most; what is only written is synced after 8 MiB or 200 ms.
    public static LogSettings defaults() {
        return DEFAULTS;
    }

    public LogSettings withIoMode(IoMode value) {
        return new LogSettings(value, fragmentSizeBytes, fragmentEntriesMax, fragmentAgeMax,
                durability, pendingBytesMax, admissionTimeout, unsyncedBytesMax, unsyncedDelayMax,
                retention, standby, epoch,
                reorder);
    }

    public LogSettings withFragmentSizeBytes(long value) {
        return new LogSettings(ioMode, value, fragmentEntriesMax, fragmentAgeMax, durability,
                pendingBytesMax,
                admissionTimeout, unsyncedBytesMax, unsyncedDelayMax, retention, standby, epoch,
                reorder);
    }

    public LogSettings withFragmentEntriesMax(long value) {
        return new LogSettings(ioMode, fragmentSizeBytes, value, fragmentAgeMax, durability,
                pendingBytesMax, admissionTimeout,
                unsyncedBytesMax, unsyncedDelayMax, retention, standby, epoch,
                reorder);
    }

    public LogSettings withFragmentAgeMax(Duration value) {
        return new LogSettings(ioMode, fragmentSizeBytes, fragmentEntriesMax, value, durability,
                pendingBytesMax,
                admissionTimeout, unsyncedBytesMax, unsyncedDelayMax, retention, standby, epoch,
                reorder);
    }

    public LogSettings withDurability(Durability value) {
        return new LogSettings(ioMode, fragmentSizeBytes, fragmentEntriesMax, fragmentAgeMax, value,
                pendingBytesMax,
                admissionTimeout, unsyncedBytesMax, unsyncedDelayMax, retention, standby, epoch,
                reorder);
    }

    public LogSettings withPendingBytesMax(long value) {
        return new LogSettings(ioMode, fragmentSizeBytes, fragmentEntriesMax, fragmentAgeMax,
                durability,
                value,
                admissionTimeout, unsyncedBytesMax, unsyncedDelayMax, retention, standby, epoch,
                reorder);
    }

    public LogSettings withAdmissionTimeout(Duration value) {
        return new LogSettings(ioMode, fragmentSizeBytes, fragmentEntriesMax, fragmentAgeMax,
                durability,
                pendingBytesMax,
                value, unsyncedBytesMax, unsyncedDelayMax, retention, standby, epoch,
                reorder);
    }

    public LogSettings withUnsyncedBytesMax(long value) {
        return new LogSettings(ioMode, fragmentSizeBytes, fragmentEntriesMax, fragmentAgeMax,
                durability,
                pendingBytesMax,
                admissionTimeout, value, unsyncedDelayMax, retention, standby, epoch,
                reorder);
    }

    public LogSettings withUnsyncedDelayMax(Duration value) {
        return new LogSettings(ioMode, fragmentSizeBytes, fragmentEntriesMax, fragmentAgeMax,
                durability,
                pendingBytesMax,
                admissionTimeout, unsyncedBytesMax, value, retention, standby, epoch,
                reorder);
    }

    public LogSettings withRetention(RetentionSettings value) {
        return new LogSettings(ioMode, fragmentSizeBytes, fragmentEntriesMax, fragmentAgeMax,
                durability,
                pendingBytesMax,
                admissionTimeout, unsyncedBytesMax, unsyncedDelayMax, value, standby, epoch,
                reorder);
    }

    public LogSettings withStandby(StandbySettings value) {
        return new LogSettings(ioMode, fragmentSizeBytes, fragmentEntriesMax, fragmentAgeMax,
                durability,
                pendingBytesMax,
                admissionTimeout, unsyncedBytesMax, unsyncedDelayMax, retention, value, epoch,
                reorder);
    }

    public LogSettings withEpoch(long value) {
        return new LogSettings(ioMode, fragmentSizeBytes, fragmentEntriesMax, fragmentAgeMax,
                durability,
                pendingBytesMax,
                admissionTimeout, unsyncedBytesMax, unsyncedDelayMax, retention, standby, value,
                reorder);
    }

    public LogSettings withReorder(ReorderSettings value) {
        return new LogSettings(ioMode, fragmentSizeBytes, fragmentEntriesMax, fragmentAgeMax,
                durability,
                pendingBytesMax,
                admissionTimeout, unsyncedBytesMax, unsyncedDelayMax, retention, standby, epoch,
                value);
    }

    /// True where an empty fragment takes these entries together.
    ///
    /// @param entriesBytes bytes they take in the file
    public boolean fitFragment(long entriesBytes, int entries) {
        return new FragmentGeometry(fragmentSizeBytes).holds(
                FragmentGeometry.DATA_START + OpenGroup.bytesFor(entriesBytes), entries);
    }

    /// The largest entry a log with these settings takes.
    public int largestPayloadBytes() {
        return new FragmentGeometry(fragmentSizeBytes).largestPayloadBytes();
    }
}
