package io.duramen.wal.os;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;
import static java.lang.foreign.MemoryLayout.sequenceLayout;
import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;

/// What a ring is asked for, and what io_uring_setup(2) answers: sizes, features, and where in its
/// mappings everything is.
public record RingParameters(MemorySegment memory) {
    // linux/io_uring.h: struct io_sqring_offsets, io_cqring_offsets, io_uring_params
    private static final StructLayout SQ_OFFSETS = structLayout(JAVA_INT.withName("head"),
            JAVA_INT.withName("tail"), JAVA_INT.withName("ring_mask"),
            JAVA_INT.withName("ring_entries"), JAVA_INT.withName("flags"),
            JAVA_INT.withName("dropped"), JAVA_INT.withName("array"), JAVA_INT.withName("resv1"),
            JAVA_LONG.withName("user_addr"));
    private static final StructLayout CQ_OFFSETS = structLayout(JAVA_INT.withName("head"),
            JAVA_INT.withName("tail"), JAVA_INT.withName("ring_mask"),
            JAVA_INT.withName("ring_entries"), JAVA_INT.withName("overflow"),
            JAVA_INT.withName("cqes"), JAVA_INT.withName("flags"), JAVA_INT.withName("resv1"),
            JAVA_LONG.withName("user_addr"));
    private static final StructLayout LAYOUT = structLayout(JAVA_INT.withName("sq_entries"),
            JAVA_INT.withName("cq_entries"), JAVA_INT.withName("flags"),
            JAVA_INT.withName("sq_thread_cpu"), JAVA_INT.withName("sq_thread_idle"),
            JAVA_INT.withName("features"), JAVA_INT.withName("wq_fd"),
            sequenceLayout(3, JAVA_INT).withName("resv"), SQ_OFFSETS.withName("sq_off"),
            CQ_OFFSETS.withName("cq_off"));

    // linux/io_uring.h: io_uring_params.flags, with the Linux version that brought them
    public static final int IORING_SETUP_R_DISABLED = 1 << 6; // 5.10
    public static final int IORING_SETUP_SUBMIT_ALL = 1 << 7; // 5.18
    public static final int IORING_SETUP_SINGLE_ISSUER = 1 << 12; // 6.0
    public static final int IORING_SETUP_DEFER_TASKRUN = 1 << 13; // 6.1

    // linux/io_uring.h: io_uring_params.features
    public static final int IORING_FEAT_SINGLE_MMAP = 1;
    public static final int IORING_FEAT_NODROP = 1 << 1;
    public static final int IORING_FEAT_SUBMIT_STABLE = 1 << 2;
    public static final int IORING_FEAT_EXT_ARG = 1 << 8;

    // linux/io_uring.h: IORING_MAX_ENTRIES of the kernel, which the header does not tell
    public static final int ENTRIES_MAX = 32_768;

    // linux/io_uring.h: IORING_MAX_FIXED_FILES of the kernel has been larger since Linux 5.18
    public static final int FILES_MAX = 32_768;

    public static RingParameters ask(int flags, SegmentAllocator allocator) {
        RingParameters parameters = new RingParameters(allocator.allocate(LAYOUT));
        parameters.memory.set(JAVA_INT, LAYOUT.byteOffset(groupElement("flags")), flags);
        return parameters;
    }

    public int sqEntries() {
        return get(groupElement("sq_entries"));
    }

    public int cqEntries() {
        return get(groupElement("cq_entries"));
    }

    public boolean hasFeatures(int features) {
        return (get(groupElement("features")) & features) == features;
    }

    /// Where a field of the submission side is in the mapping of the rings.
    public int sqOffset(String field) {
        return get(groupElement("sq_off"), groupElement(field));
    }

    /// Where a field of the completion side is in the mapping of the rings.
    public int cqOffset(String field) {
        return get(groupElement("cq_off"), groupElement(field));
    }

    private int get(PathElement... path) {
        return memory.get(JAVA_INT, LAYOUT.byteOffset(path));
    }
}
