package io.duramen.wal.probe;

import java.util.Locale;

/// Something about a machine that who runs logs on it should know.
///
/// @param kind what it is about
/// @param sentence what it means, and what to do
public record Warning(Kind kind, String sentence) {
    /// What a warning is about.
    public enum Kind {
        /// Bytes are kept in memory.
        MEMORY,
        /// Other machines share the file system.
        NETWORK,
        /// A sync returns before a device can have done it.
        SYNC_TOO_FAST,
        /// The file system was mounted so that it does not sync.
        SYNC_OFF,
        /// There is no room for a fragment.
        NO_ROOM,
        /// There is room for a fragment and none for the one that follows.
        NO_ROOM_FOR_STANDBY,
        /// There can be no io_uring.
        RING,
        /// The kernel keeps no buffers pinned.
        REGISTRATION,
        /// A file does not get its blocks ahead.
        ALLOCATION,
        /// Unused blocks are not given back.
        HOLES,
        /// A lock does not keep a second writer out.
        LOCKS;

        /// As reports spell it.
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
