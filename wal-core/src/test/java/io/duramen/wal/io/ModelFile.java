package io.duramen.wal.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.WalException;
import io.duramen.wal.io.IoOperation.Fallocate;
import io.duramen.wal.io.IoOperation.Fdatasync;
import io.duramen.wal.io.IoOperation.Fsync;
import io.duramen.wal.io.IoOperation.Read;
import io.duramen.wal.io.IoOperation.Readv;
import io.duramen.wal.io.IoOperation.Write;
import io.duramen.wal.io.IoOperation.Writev;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a file must hold after chains whose results say what happened, and what they must have
/// read. The file keeps its length.
final class ModelFile {
    private static final int EBADF = 9;

    private final byte[] content;
    private final MemorySegment bytes;
    private long faults;
    private long givenUp;
    private long failedChains;

    ModelFile(int sizeBytes) {
        content = new byte[sizeBytes];
        bytes = MemorySegment.ofArray(content);
    }

    int sizeBytes() {
        return content.length;
    }

    /// The first place where the file differs, -1 where there is none.
    int mismatch(byte[] file) {
        return Arrays.mismatch(content, file);
    }

    /// Operations that failed by a fault.
    long faults() {
        return faults;
    }

    /// Operations that were cancelled or took too long.
    long givenUp() {
        return givenUp;
    }

    long failedChains() {
        return failedChains;
    }

    /// Operations that are complete happened whole. Of those that are not, only the first transfer
    /// that was given up may have moved a part, since that breaks the link behind it: what the
    /// count of bytes has beyond the complete ones.
    void apply(IoChain chain, IoResult result) {
        Map<Integer, WalException> failures = failures(result);
        int end = chain.link() == IoChain.Link.HARD_LINKED || failures.isEmpty()
                ? chain.operations().size() : failures.keySet().iterator().next() + 1;
        long left = result.transferredBytes();
        for (int i = 0; i < end; i++) {
            if (!failures.containsKey(i)) {
                left -= expected(chain.operations().get(i));
            }
        }
        assertThat(left).isNotNegative();
        for (int i = 0; i < end; i++) {
            IoOperation operation = chain.operations().get(i);
            if (!failures.containsKey(i)) {
                happened(operation, expected(operation));
            } else if (left > 0 && isGivenUp(failures.get(i)) && operation.kind().isTransfer()) {
                assertThat(left).as("%s %s", chain, result).isLessThan(operation.sizeBytes());
                happened(operation, left);
                left = 0;
            }
        }
        assertThat(left).as("%s %s", chain, result).isZero();
    }

    private Map<Integer, WalException> failures(IoResult result) {
        Map<Integer, WalException> failures = new HashMap<>();
        if (result instanceof IoResult.Failed failed) {
            failedChains++;
            for (IoResult.Failure failure : failed.failures()) {
                failures.put(failure.operationIndex(), failure.cause());
                count(failure.cause());
            }
        }
        return failures;
    }

    private void count(WalException cause) {
        if (isGivenUp(cause)) {
            givenUp++;
        } else {
            assertThat(cause).hasMessageContaining("errno " + EBADF);
            faults++;
        }
    }

    private static boolean isGivenUp(WalException cause) {
        return cause instanceof WalException.Cancelled || cause instanceof WalException.TimedOut;
    }

    /// Bytes that the operation moves when it is complete.
    private long expected(IoOperation operation) {
        return switch (operation) {
            case Read(_, _, long offset) -> readable(operation, offset);
            case Readv(_, _, long offset) -> readable(operation, offset);
            default -> operation.sizeBytes();
        };
    }

    private long readable(IoOperation operation, long offset) {
        return Math.min(operation.sizeBytes(), content.length - offset);
    }

    private void happened(IoOperation operation, long moved) {
        switch (operation) {
            case Write(_, var from, long offset) -> written(List.of(from), offset, moved);
            case Writev(_, var pieces, long offset) -> written(pieces, offset, moved);
            case Read(_, var into, long offset) -> read(List.of(into), offset, moved);
            case Readv(_, var pieces, long offset) -> read(pieces, offset, moved);
            case Fdatasync _,Fsync _,Fallocate _ -> {
                // changes nothing that can be read
            }
        }
    }

    private void written(List<MemorySegment> pieces, long offset, long moved) {
        long at = offset;
        for (MemorySegment piece : pieces) {
            long length = Math.min(piece.byteSize(), offset + moved - at);
            MemorySegment.copy(piece, 0, bytes, at, length);
            at += length;
        }
    }

    private void read(List<MemorySegment> pieces, long offset, long moved) {
        long at = offset;
        for (MemorySegment piece : pieces) {
            long length = Math.min(piece.byteSize(), offset + moved - at);
            assertThat(MemorySegment.mismatch(piece, 0, length, bytes, at, at + length))
                    .as("first difference of what was read at %s", at).isEqualTo(-1);
            at += length;
        }
    }
}
