package io.duramen.wal.io;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// Operations that happen in order: each starts when the one before it is complete.
///
/// @param link what a failure means for the operations behind it
/// @param timeout time from submission to the end, more than zero. What is not complete by then is
///     given up where it can be, and fails with `WalException.TimedOut`. A system call that the
///     kernel is executing cannot be taken back by plain calls, and not always by a ring: the chain
///     then ends when the call does, with what came of it, and owns its bytes until then.
public record IoChain(List<IoOperation> operations, Link link, Optional<Duration> timeout) {
    public IoChain {
        operations = List.copyOf(operations);
        Objects.requireNonNull(link);
        if (operations.isEmpty()) {
            throw new IllegalArgumentException("a chain holds at least one operation");
        }
        timeout.ifPresent(IoChain::requirePositive);
    }

    private static void requirePositive(Duration timeout) {
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("timeout [" + timeout + "] must be more than zero");
        }
    }

    /// What a failure means for the operations behind it.
    public enum Link {
        /// They do not start.
        LINKED,
        /// They happen all the same; the result says which ones failed. What is cancelled, or takes
        /// too long, ends such a chain too: every operation that is not complete has failed then.
        HARD_LINKED
    }

    /// A linked chain.
    public IoChain(List<IoOperation> operations) {
        this(operations, Link.LINKED, Optional.empty());
    }

    /// A linked chain.
    public static IoChain of(IoOperation... operations) {
        return new IoChain(List.of(operations));
    }

    /// A chain that goes on behind a failure.
    public static IoChain hardLinked(IoOperation... operations) {
        return new IoChain(List.of(operations), Link.HARD_LINKED, Optional.empty());
    }

    /// A write that is on the device when it completes.
    public static IoChain durableWrite(IoFile file, MemorySegment bytes, long offset) {
        return of(new IoOperation.Write(file, bytes, offset), new IoOperation.Fdatasync(file));
    }

    /// As [#durableWrite(IoFile, MemorySegment, long)], for bytes in several pieces.
    public static IoChain durableWritev(IoFile file, List<MemorySegment> pieces, long offset) {
        return of(new IoOperation.Writev(file, pieces, offset), new IoOperation.Fdatasync(file));
    }

    /// The same operations, and this one behind them.
    public IoChain then(IoOperation last) {
        return new IoChain(
                Stream.concat(operations.stream(), Stream.of(last)).toList(), link, timeout);
    }

    /// The same operations, with so much time for all of them together.
    public IoChain within(Duration time) {
        return new IoChain(operations, link, Optional.of(time));
    }
}
