package io.duramen.wal.os;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/// One request to a ring: `struct io_uring_sqe` of linux/io_uring.h.
///
/// ```
///  0      1     2      4   8        16     24    28         32          40          64
///  +------+-----+------+---+--------+------+-----+----------+-----------+-----------+----
///  |opcode|flags|ioprio|fd | offset | addr | len | op flags | user data | buf_index | zero
/// ```
public final class SubmissionEntry {
    public static final long BYTES = 64;

    // linux/io_uring.h: enum io_uring_op
    public static final byte IORING_OP_NOP = 0;
    public static final byte IORING_OP_READV = 1;
    public static final byte IORING_OP_WRITEV = 2;
    public static final byte IORING_OP_FSYNC = 3;
    public static final byte IORING_OP_READ_FIXED = 4;
    public static final byte IORING_OP_WRITE_FIXED = 5;
    public static final byte IORING_OP_FALLOCATE = 17;
    public static final byte IORING_OP_READ = 22;
    public static final byte IORING_OP_WRITE = 23;

    // linux/io_uring.h: sqe.flags, sqe.fsync_flags
    public static final byte IOSQE_FIXED_FILE = 1;
    public static final byte IOSQE_IO_LINK = 1 << 2;
    public static final byte IOSQE_IO_HARDLINK = 1 << 3;
    public static final int IORING_FSYNC_DATASYNC = 1;

    // linux/fs.h: MAX_RW_COUNT with pages of 64 KiB; the kernel moves no more in one operation
    public static final long TRANSFER_BYTES_MAX = 0x7fff_0000;

    private static final long FLAGS = 1;
    private static final long FD = 4;
    private static final long OFFSET = 8;
    private static final long ADDRESS = 16;
    private static final long LENGTH = 24;
    private static final long OPERATION_FLAGS = 28;
    private static final long USER_DATA = 32;
    private static final long BUFFER_INDEX = 40;

    private SubmissionEntry() {}

    /// Fills the entry at `at`; what is not named is zero.
    public static void put(MemorySegment entries, long at, byte opcode, int fd, long userData) {
        entries.asSlice(at, BYTES).fill((byte) 0);
        entries.set(JAVA_BYTE, at, opcode);
        entries.set(JAVA_INT, at + FD, fd);
        entries.set(JAVA_LONG, at + USER_DATA, userData);
    }

    /// Of a transfer: the memory, or its `iovec`s.
    public static void putTransfer(MemorySegment entries, long at, long address, int length,
            long offset) {
        entries.set(JAVA_LONG, at + OFFSET, offset);
        entries.set(JAVA_LONG, at + ADDRESS, address);
        entries.set(JAVA_INT, at + LENGTH, length);
    }

    /// Of an fallocate(2), mode 0: the kernel takes the length where a transfer has its memory.
    public static void putRange(MemorySegment entries, long at, long offset, long length) {
        putTransfer(entries, at, length, 0, offset);
    }

    public static void putOperationFlags(MemorySegment entries, long at, int flags) {
        entries.set(JAVA_INT, at + OPERATION_FLAGS, flags);
    }

    public static void putBufferIndex(MemorySegment entries, long at, int index) {
        entries.set(JAVA_SHORT, at + BUFFER_INDEX, (short) index);
    }

    public static void putFlags(MemorySegment entries, long at, byte flags) {
        entries.set(JAVA_BYTE, at + FLAGS, flags);
    }

    /// Sets these beside those that are set.
    public static void addFlags(MemorySegment entries, long at, byte flags) {
        putFlags(entries, at, (byte) (flags(entries, at) | flags));
    }

    public static byte flags(MemorySegment entries, long at) {
        return entries.get(JAVA_BYTE, at + FLAGS);
    }

    public static long userData(MemorySegment entries, long at) {
        return entries.get(JAVA_LONG, at + USER_DATA);
    }
}
