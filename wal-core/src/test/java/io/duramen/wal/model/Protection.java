package io.duramen.wal.model;

/// What the protocol does to keep its promises. The model can leave each out, to show that it is
/// needed.
enum Protection {
    /// An append is acknowledged as synced when the sync has returned.
    SYNC_BEFORE_ACKNOWLEDGEMENT,
    /// After a failed sync nothing is appended or synced any more.
    POISON,
    /// All entries of a fragment are on the device before the next one is begun.
    SYNC_BEFORE_ROTATING,
    /// A fragment gets its name when its header is on the device.
    SYNC_HEADER_BEFORE_NAME,
    /// The directory is synced before entries go to the fragment that was given a name.
    SYNC_DIRECTORY_AFTER_NAME,
    /// The new head is on the device before a trimmed file goes.
    SYNC_HEAD_BEFORE_FILES_GO,
    /// Recovery, too, syncs the head before it deletes what lies before it.
    SYNC_HEAD_BEFORE_LEFTOVERS_GO,
    /// What stays of a fragment that is truncated is on the device before it counts.
    SYNC_NEW_END_BEFORE_NAME,
    /// The name of the new end is on the device before anything behind it goes.
    SYNC_END_BEFORE_FRAGMENTS_GO,
    /// What is behind the new end is gone on the device before the end is a fragment as any other.
    SYNC_FRAGMENTS_GONE_BEFORE_RENAME,
    /// A file that was a fragment is overwritten with zeros before it is one again.
    ZERO_BEFORE_REUSE,
    /// Recovery zeroes what it does not keep.
    ZERO_TORN_TAIL,
    /// Recovery zeroes again what an earlier one cut.
    ZERO_EARLIER_CUTS,
    /// Recovery writes again what it keeps.
    REWRITE_UNPROVEN,
    /// Recovery syncs what it keeps.
    SYNC_AFTER_RECOVERY,
    /// A record counts only in the generation and under the id it was written for.
    CHECK_GENERATION_AND_ID;

    /// True where it is about truncations.
    boolean isOfTruncation() {
        return switch (this) {
            case SYNC_NEW_END_BEFORE_NAME, SYNC_END_BEFORE_FRAGMENTS_GO,
                    SYNC_FRAGMENTS_GONE_BEFORE_RENAME -> true;
            default -> false;
        };
    }
}
