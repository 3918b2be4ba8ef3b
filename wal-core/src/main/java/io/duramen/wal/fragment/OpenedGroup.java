package io.duramen.wal.fragment;

import io.duramen.wal.format.GroupRecord;

/// The group that a walk over records is in, and whether what follows its record is what it says.
///
/// A group may be shorter than it says: its writer crashed, recovery cut it, and the log went on
/// behind the cut.
final class OpenedGroup {
    private final Report damage;
    private final Report note;
    private GroupRecord record;
    private long offset;
    private int entries;
    private boolean known = true;
    private long firstTimestampNanos;
    private long lastTimestampNanos;

    /// Takes a finding.
    interface Report {
        void say(long offset, long entryId, String what);
    }

    OpenedGroup(Report damage, Report note) {
        this.damage = damage;
        this.note = note;
    }

    void begin(long atOffset, GroupRecord next) {
        end(atOffset);
        if (next.durableId() >= next.firstId()) {
            damage.say(atOffset, next.firstId(), "its group record says that entry "
                    + next.durableId() + " was durable before it was written");
        }
        if (next.timestampNanos() < lastTimestampNanos) {
            damage.say(atOffset, next.firstId(), "its group record is older than the one before");
        }
        if (firstTimestampNanos == 0) {
            firstTimestampNanos = next.timestampNanos();
        }
        lastTimestampNanos = next.timestampNanos();
        record = next;
        offset = atOffset;
        entries = 0;
        known = true;
    }

    void entry(long atOffset, long entryId) {
        entries++;
        if (known && (record == null || entries > record.entryCount())) {
            damage.say(atOffset, entryId, "the entry belongs to no group");
            known = false;
        }
    }

    /// A record was skipped: what the group holds is not known.
    void forget() {
        known = false;
    }

    /// The group ends here, or all that is left of it.
    void end(long atOffset) {
        if (!known || record == null) {
            return;
        }
        if (entries < record.entryCount()) {
            note.say(offset, record.firstId(), "its group was cut short by a crash: " + entries
                    + " of " + record.entryCount() + " entries are there");
        } else if (atOffset - offset != record.groupBytes()) {
            damage.say(offset, record.firstId(), "its group record announces "
                    + record.groupBytes() + " bytes, " + (atOffset - offset) + " follow");
        }
    }

    long firstTimestampNanos() {
        return firstTimestampNanos;
    }

    long lastTimestampNanos() {
        return lastTimestampNanos;
    }
}
