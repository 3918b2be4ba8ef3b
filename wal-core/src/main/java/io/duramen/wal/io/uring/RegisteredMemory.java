package io.duramen.wal.io.uring;

import io.duramen.wal.os.Errno;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// Memory that the kernel keeps pinned for a ring, so that it need not look up and pin its pages
/// for every transfer.
///
/// The kernel takes pieces of at most 1 GiB; bytes that lie across two of them are transferred as
/// any other memory. The pieces belong to the arena of the memory: bytes of another arena at the
/// same address, which could come after this one is closed, are not taken for it.
final class RegisteredMemory {
    static final int NOT_REGISTERED = -1;
    static final RegisteredMemory NONE = new RegisteredMemory(MemorySegment.NULL);

    private static final long PIECE_BYTES = 1L << 30;

    private final MemorySegment memory;
    private final long start;
    private final long end;

    private RegisteredMemory(MemorySegment memory) {
        this.memory = memory;
        start = memory.address();
        end = start + memory.byteSize();
    }

    /// What came of a registration.
    ///
    /// @param refusal one sentence with the reason why nothing is registered
    record Outcome(RegisteredMemory memory, Optional<String> refusal) {
        static Outcome nothingAsked() {
            return new Outcome(NONE, Optional.empty());
        }
    }

    static Outcome register(Ring ring, MemorySegment memory) {
        if (!memory.isNative()) {
            throw new IllegalArgumentException("memory on the heap cannot be registered");
        }
        int pieces = Math.toIntExact(Math.ceilDiv(memory.byteSize(), PIECE_BYTES));
        MemorySegment[] cut = new MemorySegment[pieces];
        for (int i = 0; i < pieces; i++) {
            long from = i * PIECE_BYTES;
            cut[i] = memory.asSlice(from, Math.min(PIECE_BYTES, memory.byteSize() - from));
        }
        long result = ring.register(cut);
        return result < 0
                ? new Outcome(NONE, Optional.of(refusal(memory.byteSize(), (int) -result)))
                : new Outcome(new RegisteredMemory(memory), Optional.empty());
    }

    static String refusal(long bytes, int errno) {
        return "io_uring goes on without registered buffers, the kernel refused " + bytes
                + " bytes (" + Errno.describe(errno) + ")" + (errno == Errno.ENOMEM
                        ? ": raise the limit on locked memory (ulimit -l) beyond that" : "");
    }

    /// Which piece these bytes lie in, or [#NOT_REGISTERED].
    int indexOf(MemorySegment bytes) {
        long first = bytes.address();
        if (first < start || first + bytes.byteSize() > end
                || !bytes.scope().equals(memory.scope())) {
            return NOT_REGISTERED;
        }
        long piece = (first - start) / PIECE_BYTES;
        boolean whole = (first - start + bytes.byteSize() - 1) / PIECE_BYTES == piece;
        return whole ? (int) piece : NOT_REGISTERED;
    }

    long sizeBytes() {
        return end - start;
    }
}
