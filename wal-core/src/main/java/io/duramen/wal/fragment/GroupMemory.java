package io.duramen.wal.fragment;

import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.memory.BufferLease;
import java.lang.foreign.MemorySegment;

/// Where one group is encoded, and what of it must then be written.
public sealed interface GroupMemory {
    /// A buffer; the group is written from there, and nothing else with it.
    static GroupMemory in(BufferLease lease) {
        return new Buffer(lease);
    }

    /// A buffer; the group is written in whole blocks, the first with the data in front of it, the
    /// last filled up with zeros. The lease is a multiple of the block size.
    static GroupMemory inBlocks(BufferLease lease, TailBlock tail) {
        return new Blocks(lease, tail, tail.dataBytes());
    }

    /// The fragment's own bytes from the group's place on, mapped: nothing is left to be written.
    static GroupMemory inPlace(MemorySegment mapped) {
        return new Mapped(mapped);
    }

    /// The memory from the group's record on, as much as there is.
    MemorySegment bytes();

    /// True where the group is encoded in this buffer.
    boolean isIn(BufferLease buffer);

    /// True where the group starts where its buffer does.
    boolean isAtBufferStart();

    /// True where the group is encoded in the file itself.
    boolean isInPlace();

    /// The group has this size and does not grow any more.
    void complete(long groupBytes);

    /// What is to be written of a complete group.
    ///
    /// @param fileOffset where the group belongs
    Piece piece(long fileOffset, long groupBytes);

    /// Gives the memory back.
    void release();

    /// Gives memory back that was written to in vain, up to so many bytes.
    default void discard(long usedBytes) {
        if (isInPlace()) {
            bytes().asSlice(0, usedBytes).fill((byte) 0);
        }
        release();
    }

    /// Bytes and where in the file they belong.
    record Piece(MemorySegment bytes, long fileOffset) {}

    /// A buffer of its own.
    record Buffer(BufferLease lease) implements GroupMemory {
        @Override
        public MemorySegment bytes() {
            return lease.memory();
        }

        @Override
        public boolean isIn(BufferLease buffer) {
            return lease == buffer;
        }

        @Override
        public boolean isAtBufferStart() {
            return true;
        }

        @Override
        public boolean isInPlace() {
            return false;
        }

        @Override
        public void complete(long groupBytes) {
            // as it is
        }

        @Override
        public Piece piece(long fileOffset, long groupBytes) {
            return new Piece(lease.memory().asSlice(0, groupBytes), fileOffset);
        }

        @Override
        public void release() {
            lease.close();
        }
    }

    /// A buffer of its own, of whole blocks.
    ///
    /// @param leadBytes data in front of the group, in the group's first block
    record Blocks(BufferLease lease, TailBlock tail, int leadBytes) implements GroupMemory {
        @Override
        public MemorySegment bytes() {
            return lease.memory().asSlice(leadBytes);
        }

        @Override
        public boolean isIn(BufferLease buffer) {
            return lease == buffer;
        }

        @Override
        public boolean isAtBufferStart() {
            return leadBytes == 0;
        }

        @Override
        public boolean isInPlace() {
            return false;
        }

        /// The data in front is copied now and not earlier: a claimed buffer holds a payload there
        /// until it is moved to its place.
        @Override
        public void complete(long groupBytes) {
            MemorySegment buffer = lease.memory();
            long usedBytes = leadBytes + groupBytes;
            tail.copyTo(buffer);
            buffer.asSlice(usedBytes, paddedBytes(groupBytes) - usedBytes).fill((byte) 0);
            tail.keep(buffer.asSlice(0, usedBytes));
        }

        @Override
        public Piece piece(long fileOffset, long groupBytes) {
            return new Piece(lease.memory().asSlice(0, paddedBytes(groupBytes)),
                    fileOffset - leadBytes);
        }

        private long paddedBytes(long groupBytes) {
            return Math.ceilDiv(leadBytes + groupBytes, (long) FragmentGeometry.BLOCK_BYTES)
                    * FragmentGeometry.BLOCK_BYTES;
        }

        @Override
        public void release() {
            lease.close();
        }
    }

    /// A piece of the fragment.
    record Mapped(MemorySegment bytes) implements GroupMemory {
        @Override
        public boolean isIn(BufferLease buffer) {
            return false;
        }

        @Override
        public boolean isAtBufferStart() {
            return false;
        }

        @Override
        public boolean isInPlace() {
            return true;
        }

        @Override
        public void complete(long groupBytes) {
            // as it is
        }

        @Override
        public Piece piece(long fileOffset, long groupBytes) {
            throw new IllegalStateException("the group is in the file");
        }

        @Override
        public void release() {
            // the mapping stays
        }
    }
}
