package io.duramen.wal.os;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;
import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;

/// How long io_uring_enter(2) waits at most. One thread at a time.
public final class WaitLimit {
    private static final long NANOS_OF_SECOND = 1_000_000_000;

    // linux/io_uring.h: struct io_uring_getevents_arg; linux/time_types.h: struct __kernel_timespec
    private static final StructLayout ARGUMENT = structLayout(ADDRESS.withName("sigmask"),
            JAVA_INT.withName("sigmask_sz"), JAVA_INT.withName("pad"), ADDRESS.withName("ts"));
    private static final StructLayout TIME = structLayout(JAVA_LONG.withName("tv_sec"),
            JAVA_LONG.withName("tv_nsec"));

    private final MemorySegment argument;
    private final MemorySegment time;

    private WaitLimit(MemorySegment argument, MemorySegment time) {
        this.argument = argument;
        this.time = time;
    }

    public static WaitLimit allocate(SegmentAllocator allocator) {
        MemorySegment time = allocator.allocate(TIME);
        MemorySegment argument = allocator.allocate(ARGUMENT);
        argument.set(ADDRESS, ARGUMENT.byteOffset(groupElement("ts")), time);
        return new WaitLimit(argument, time);
    }

    /// @param nanos 0 or more
    public WaitLimit ofNanos(long nanos) {
        time.set(JAVA_LONG, 0, nanos / NANOS_OF_SECOND);
        time.set(JAVA_LONG, Long.BYTES, nanos % NANOS_OF_SECOND);
        return this;
    }

    MemorySegment memory() {
        return argument;
    }
}
