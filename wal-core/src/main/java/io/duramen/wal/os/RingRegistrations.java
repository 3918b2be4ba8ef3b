package io.duramen.wal.os;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;
import static java.lang.foreign.MemoryLayout.sequenceLayout;
import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// What io_uring_register(2) is asked for where that takes a structure: a table of files, and to
/// cancel a request. Failures are negative error numbers.
public final class RingRegistrations {
    // linux/io_uring.h: struct io_uring_rsrc_register, struct io_uring_files_update, struct
    // io_uring_sync_cancel_reg
    private static final StructLayout TABLE = structLayout(JAVA_INT.withName("nr"),
            JAVA_INT.withName("flags"), JAVA_LONG.withName("resv2"), JAVA_LONG.withName("data"),
            JAVA_LONG.withName("tags"));
    private static final StructLayout UPDATE = structLayout(JAVA_INT.withName("offset"),
            JAVA_INT.withName("resv"), ADDRESS.withName("fds"));
    private static final StructLayout CANCEL = structLayout(JAVA_LONG.withName("addr"),
            JAVA_INT.withName("fd"), JAVA_INT.withName("flags"), JAVA_LONG.withName("tv_sec"),
            JAVA_LONG.withName("tv_nsec"), JAVA_BYTE.withName("opcode"),
            sequenceLayout(7, JAVA_BYTE).withName("pad"),
            sequenceLayout(3, JAVA_LONG).withName("pad2"));

    private static final int IORING_RSRC_REGISTER_SPARSE = 1;
    private static final int NO_FILE = -1;

    private RingRegistrations() {}

    /// Makes a table of files with so many places, all of them free.
    public static int registerFiles(int ring, int places) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment table = arena.allocate(TABLE);
            table.set(JAVA_INT, offset(TABLE, "nr"), places);
            table.set(JAVA_INT, offset(TABLE, "flags"), IORING_RSRC_REGISTER_SPARSE);
            return RingCalls.register(ring, RingCalls.IORING_REGISTER_FILES2, table,
                    (int) TABLE.byteSize());
        }
    }

    /// Puts a file into a place of the table, and what was there before out of it.
    ///
    /// @param fd the file's descriptor; the table refers to the file itself afterwards
    public static int putFile(int ring, int place, int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment update = arena.allocate(UPDATE);
            update.set(JAVA_INT, offset(UPDATE, "offset"), place);
            update.set(ADDRESS, offset(UPDATE, "fds"), arena.allocateFrom(JAVA_INT, fd));
            return RingCalls.register(ring, RingCalls.IORING_REGISTER_FILES_UPDATE, update, 1);
        }
    }

    /// Makes a place of the table free.
    public static int removeFile(int ring, int place) {
        return putFile(ring, place, NO_FILE);
    }

    /// Cancels the request with this user data, and does not wait for its end: it completes as any
    /// other.
    ///
    /// @return 0 where it is cancelled; ENOENT where there is none that could be, ETIME where it
    ///     is being executed and may or may not end early
    public static int cancel(int ring, long userData) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(CANCEL); // no time at all to wait
            request.set(JAVA_LONG, offset(CANCEL, "addr"), userData);
            request.set(JAVA_INT, offset(CANCEL, "fd"), NO_FILE);
            return RingCalls.register(ring, RingCalls.IORING_REGISTER_SYNC_CANCEL, request, 1);
        }
    }

    private static long offset(StructLayout layout, String field) {
        return layout.byteOffset(groupElement(field));
    }
}
