package io.duramen.wal.io;

import java.util.function.Consumer;

/// Moves bytes between memory and files, several requests at a time.
///
/// - **Threads**: any thread may submit, execute, cancel and close.
/// - **Order**: inside a chain only. Two submissions are not ordered with each other, whatever file
///   they touch; who needs an order waits for the first.
/// - **Buffers**: the scheduler owns an operation's bytes from submission to completion.
/// - **Exactly once**: every accepted submission completes exactly once, also when it is cancelled,
///   takes too long, or the scheduler is closed; a refused one throws and never completes. Short
///   transfers, EINTR and EAGAIN are dealt with inside. A failed sync is reported, never retried.
/// - **Close**: takes no more submissions, completes what was accepted, then returns; it takes as
///   long as the slowest operation. Who does not want that cancels first. A second close does
///   nothing.
public interface IoScheduler extends AutoCloseable {
    /// Hands a chain over and returns at once.
    ///
    /// @param whenComplete called exactly once with the result, on a thread of the scheduler's,
    ///     which it must not block: it hands over and returns. The ticket is complete by then.
    /// @throws IllegalArgumentException when a file is of another disk's, or the chain longer than
    ///     the driver takes; nothing was done then
    /// @throws io.duramen.wal.WalException.Closed when the scheduler is closed
    /// @throws io.duramen.wal.WalException.Overloaded when the limit on waiting chains is reached
    IoTicket submit(IoChain chain, Consumer<IoResult> whenComplete);

    /// Hands a chain over and returns at once, with a ticket to wait for.
    default IoTicket submit(IoChain chain) {
        return submit(chain, _ -> {});
    }

    /// Executes a chain and returns when it is complete, on whichever thread is quickest: a driver
    /// that can runs it on the caller's own. An interrupt is kept for the caller and does not end
    /// the wait. Refuses what [#submit(IoChain, Consumer)] refuses, but is never overloaded.
    IoResult execute(IoChain chain);

    IoStatistics statistics();

    /// The driver's name as settings and reports spell it, such as `posix`.
    String driverName();

    @Override
    void close();
}
