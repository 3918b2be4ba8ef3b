package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.format.EntryHeader;
import io.duramen.wal.fragment.OpenGroup;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.memory.BufferLease;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// What one caller appends in one call; it goes into one group, so that it is in the log whole or
/// not at all.
sealed interface Submission {
    /// Bytes the entries take in the file.
    long entriesBytes();

    int entryCount();

    int largestPayloadBytes();

    /// Adds the entries; a payload that its owner cannot copy leaves no trace.
    ///
    /// @return the first id
    long addTo(OpenGroup group);

    /// The buffer the first payload was claimed in; null where it was not.
    BufferLease claimed();

    /// The refusal where even an empty fragment does not take it.
    WalException tooLarge(int largestPayloadBytes);

    /// Does nothing where it may be appended behind what there is.
    ///
    /// @throws WalException.Conflict when it belongs before this id
    /// @throws WalException.OutOfOrder when it belongs behind it
    default void checkPlace(long nextId) {}

    /// Entries that belong at one place in the log.
    record At(long expectedId, List<Payload> payloads, Submission entries) implements Submission {
        static At of(long expectedId, List<Payload> payloads) {
            if (expectedId < 0 || expectedId > Long.MAX_VALUE - payloads.size()) {
                throw new IllegalArgumentException("no entry id: " + expectedId);
            }
            Batch batch = Batch.of(payloads);
            return new At(expectedId, batch.payloads(), payloads.size() == 1
                    ? new One(batch.payloads().getFirst(), null) : batch);
        }

        /// The same with bytes of its own.
        At copy() {
            return of(expectedId, payloads.stream().map(At::bytesOf).map(Payload::of).toList());
        }

        static byte[] bytesOf(Payload payload) {
            byte[] bytes = new byte[payload.sizeBytes()];
            payload.copyTo(MemorySegment.ofArray(bytes), 0);
            return bytes;
        }

        long lastId() {
            return expectedId + payloads.size() - 1;
        }

        AppendedAt answer(Durability durability, boolean duplicate) {
            return new AppendedAt(expectedId, lastId(), durability, duplicate);
        }

        @Override
        public void checkPlace(long nextId) {
            if (expectedId < nextId) {
                throw new WalException.Conflict(expectedId, nextId);
            }
            if (expectedId > nextId) {
                throw new WalException.OutOfOrder(expectedId, nextId);
            }
        }

        @Override
        public long entriesBytes() {
            return entries.entriesBytes();
        }

        @Override
        public int entryCount() {
            return entries.entryCount();
        }

        @Override
        public int largestPayloadBytes() {
            return entries.largestPayloadBytes();
        }

        @Override
        public long addTo(OpenGroup group) {
            return entries.addTo(group);
        }

        @Override
        public BufferLease claimed() {
            return null;
        }

        @Override
        public WalException tooLarge(int largestPayloadBytes) {
            return entries.tooLarge(largestPayloadBytes);
        }
    }

    /// One entry.
    record One(Payload payload, BufferLease claimed) implements Submission {
        @Override
        public long entriesBytes() {
            return EntryHeader.entryBytes(payload.sizeBytes());
        }

        @Override
        public int entryCount() {
            return 1;
        }

        @Override
        public int largestPayloadBytes() {
            return payload.sizeBytes();
        }

        @Override
        public long addTo(OpenGroup group) {
            if (claimed == null) {
                return group.add(payload, false);
            }
            if (!group.isIn(claimed)) {
                long id = group.add(payload, false);
                claimed.close();
                return id;
            }
            return group.isAtBufferStart() ? group.addInPlace(payload.sizeBytes(), false)
                    : group.add(payload, false);
        }

        @Override
        public WalException tooLarge(int largestPayloadBytes) {
            return new WalException.TooLarge(payload.sizeBytes(), largestPayloadBytes);
        }
    }

    /// An atomic batch, of at least one entry.
    record Batch(List<Payload> payloads, long entriesBytes, int largestPayloadBytes)
            implements Submission {
        static Batch of(List<Payload> payloads) {
            if (payloads.isEmpty()) {
                throw new IllegalArgumentException("a batch holds at least one entry");
            }
            List<Payload> own = List.copyOf(payloads);
            return new Batch(own, OpenGroup.entriesBytes(own),
                    own.stream().mapToInt(Payload::sizeBytes).max().getAsInt());
        }

        @Override
        public int entryCount() {
            return payloads.size();
        }

        @Override
        public long addTo(OpenGroup group) {
            return group.addBatch(payloads);
        }

        @Override
        public BufferLease claimed() {
            return null;
        }

        @Override
        public WalException tooLarge(int largest) {
            return largestPayloadBytes > largest
                    ? new WalException.TooLarge(largestPayloadBytes, largest)
                    : WalException.TooLarge.batch(payloads.size(), entriesBytes);
        }
    }
}
